local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local t = {} for i = 1, 5000 do t[i] = i end
local s = table.concat(t, ",") print(#s, s:sub(1, 20), s:sub(-20))
print(#table.concat(t), #table.concat(t, "--", 100, 4900))
