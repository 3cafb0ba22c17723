local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local t = {10, 20, 30} local k, v = next(t) print(k, v) k, v = next(t, k) print(k, v) print(next({}), next(t, 3)) print(pcall(next, {}, "x")) print(pcall(next)) local n = 0 for _ in next, {1, 2, x = 3, [0.5] = 4} do n = n + 1 end print(n) for k in pairs(t) do t[k] = nil end print(next(t))
