local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local function dump(t) local keys = {} for k in pairs(t) do keys[#keys + 1] = k end table.sort(keys) for _, k in ipairs(keys) do io.write(tostring(k), "=", tostring(t[k]), " ") end print(#t) end
local t = {1, 2, 3}
table.insert(t, 10, 9) dump(t) table.insert(t, 0, "zero") dump(t) table.insert(t, -1, "minus") dump(t)
