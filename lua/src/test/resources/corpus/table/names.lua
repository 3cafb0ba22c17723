local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local names = {} for name in pairs(table) do names[#names + 1] = name end table.sort(names) print(table.concat(names, " "))
