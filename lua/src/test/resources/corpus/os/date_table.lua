local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, moment in ipairs({0, 86399, 951782400, 978307199, 1230768000, 1262304000, 1e9, -1, -86400 * 365 * 70, 4102444800, 1e11, 1709164800, 1735689599}) do local t = os.date("!*t", moment) print(t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday, t.isdst) end
local t = os.date("!*t", 0) local names = {} for name in pairs(t) do names[#names + 1] = name end table.sort(names) print(table.concat(names, " "))
print(os.date("!*tx", 0), os.date("!*T", 0), type(os.date("*t")), type(os.date()))
