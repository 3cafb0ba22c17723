local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local function dump(t) local keys = {} for k in pairs(t) do keys[#keys + 1] = k end table.sort(keys) for _, k in ipairs(keys) do io.write(tostring(k), "=", tostring(t[k]), " ") end print(#t) end
local t = {1, 2, 3}
table.insert(t, 4) dump(t) table.insert(t, 1, 0) dump(t) table.insert(t, 6, "end") dump(t) table.insert(t, 3, "mid") dump(t)
table.insert(t, "2", "text") dump(t) table.insert(t, 2.7, "fraction") dump(t)
local e = {} table.insert(e, "a") table.insert(e, 1, "b") table.insert(e, 3, "c") dump(e)
local n = {1} table.insert(n, nil) dump(n)
