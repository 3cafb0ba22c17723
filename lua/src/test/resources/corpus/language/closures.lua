local function counter() local c = 0 return function() c = c + 1 return c end end
local a, b = counter(), counter() print(a(), a(), b())
local function pair() local v = 0 return function() return v end, function(x) v = x end end local get, set = pair() set(5) print(get())
local fs = {} for i = 1, 3 do local j = i * 10 fs[i] = function() j = j + i return j end end print(fs[1](), fs[1](), fs[2](), fs[3]())
local x = 1 local function outer() local y = 2 local function mid() local z = 3 return function() x = x + 1 y = y + 1 z = z + 1 return x, y, z end end return mid() end
local f = outer() print(f()) print(f()) print(x)
local function a1() local function b1() return a1 and "rec" end return b1() end print(a1())
local t = {} for i = 1, 2 do t[i] = {function() return i end, function(v) i = v end} end t[1][2](9) print(t[1][1](), t[2][1]())
local u do local v = 7 u = function() return v end end print(u())
