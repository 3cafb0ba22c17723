local mt = {__eq = function(a, b) return a.v == b.v end, __lt = function(a, b) return a.v < b.v end, __le = function(a, b) return a.v <= b.v end}
local function new(v) return setmetatable({v = v}, mt) end local a, b, c = new(1), new(2), new(1)
print(a == b, a == c, a ~= c, a < b, b < a, a <= c, a > b, a >= c, b >= a) print(rawequal(a, c), a == 1, a ~= nil)
local only = {__lt = function(x, y) return x.v < y.v end} local p, q = setmetatable({v = 1}, only), setmetatable({v = 2}, only) print(p <= q, q <= p, p >= q)
local m1, m2 = {__eq = function() return true end}, {__eq = function() return true end} print(setmetatable({}, m1) == setmetatable({}, m2)) local f = function() return true end print(setmetatable({}, {__eq = f}) == setmetatable({}, {__eq = f}))
print(pcall(function() return a < 1 end)) print(pcall(function() return a < "x" end)) print(pcall(function() return {} < {} end)) print(pcall(function() return {} <= 1 end))
local n = setmetatable({}, {__lt = function() return nil end, __le = function() return 5 end}) print(n < n, n <= n, not (n < n))
local cnt = 0 local e = setmetatable({}, {__eq = function() cnt = cnt + 1 return false end}) print(e == e, cnt, e == setmetatable({}, getmetatable(e)), cnt)
