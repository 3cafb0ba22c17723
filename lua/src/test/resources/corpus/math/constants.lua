local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
print(math.pi, math.huge, -math.huge) print(("%.17g"):format(math.pi)) print(math.mod, math.type, math.tointeger) local names = {} for name in pairs(math) do names[#names + 1] = name end table.sort(names) print(table.concat(names, " "))
