local t = {} for i = 1, 10 do t[i] = i end for i = 1, 5 do t["k" .. i] = i end
local n, s = 0, 0 for k, v in pairs(t) do n = n + 1 s = s + v t[k] = nil end print(n, s, next(t))
t = {1, 2, 3, x = 4, y = 5} n = 0 for k, v in pairs(t) do t[k] = v * 2 n = n + 1 end print(n, t[1], t[2], t[3], t.x, t.y)
t = {} t[1] = 1 t[3] = 3 t[1000] = 5 t[-1] = 6 t[0.5] = 7 s = 0 for k, v in pairs(t) do s = s + v end print(s)
print(next({}), next({5}), next({a = 1}))
local keys = {} for k in pairs({[true] = 1, [false] = 2, [1.5] = 3, x = 4}) do keys[#keys + 1] = tostring(k) end table.sort(keys) print(table.concat(keys, " "))
