local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local function dump(t) local keys = {} for k in pairs(t) do keys[#keys + 1] = k end table.sort(keys) for _, k in ipairs(keys) do io.write(tostring(k), "=", tostring(t[k]), " ") end print(#t) end
local t = {1, 2, 3, 4, 5}
print(table.remove(t)) dump(t) print(table.remove(t, 1)) dump(t) print(table.remove(t, 2)) dump(t) print(table.remove(t, 10)) dump(t) print(table.remove(t, 0)) dump(t) print(table.remove(t, -1)) dump(t)
print(select("#", table.remove({})), select("#", table.remove({}, 5)), select("#", table.remove({1})))
print(table.remove({1, 2, 3}, nil), table.remove({1, 2}, 1, 5), table.remove({n = 1}))
local z = {1, 2, [0] = "z"} print(table.remove(z, 0)) dump(z)
while #t > 0 do io.write(tostring(table.remove(t, 1)), " ") end print(#t)
