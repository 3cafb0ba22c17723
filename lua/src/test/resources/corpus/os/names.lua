local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local names = {} for name in pairs(os) do names[#names + 1] = name end table.sort(names) print(table.concat(names, " "))
