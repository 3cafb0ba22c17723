local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local t = {{1, 2}, {3, {4, 5}}, x = {y = {z = "deep"}}} print(t[1][2], t[2][2][1], t.x.y.z, #t, #t[2]) t[2][2][3] = 6 print(table.concat(t[2][2], ",")) local copy = {} for k, v in pairs(t) do copy[k] = v end print(copy[1] == t[1], copy.x.y == t.x.y)
