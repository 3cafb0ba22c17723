local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local log = {} local t = {5, 3, 8, 1, 9, 2, 7, 4, 6, 0} table.sort(t, function(a, b) log[#log + 1] = a .. "<" .. b return a < b end) print(table.concat(t, " ")) print(table.concat(log, " "))
