local function many() return 1, 2, 3 end
local t = {many(), many()} print(#t, t[1], t[2], t[4]) t = {many(), (many())} print(#t) t = {(many())} print(#t)
print((many())) print(many(), "x") print("x", many())
function outer(x) local function inner(y) return x + y end return inner end print(outer(1)(2))
local o = {n = 1, sub = {}} function o.f(x) return x end function o:g(x) return self.n + x end function o.sub.h() return "h" end function o.sub:k() return self == o.sub end
print(o.f(1), o:g(2), o.sub.h(), o.sub:k())
print(type(f), (function() return "anon" end)(), #{n = many()})
local s = "str" print(s:upper(), ("x"):rep(3), #s:rep(2), ("%d"):format(5))
local function rec(n) if n == 0 then return 0 end return n + rec(n - 1) end print(rec(100))
f = function(...) return ... end print(f"str", f{1}[1], f[[long]])
print(select("#", f(nil, nil)), (f(1, 2)))
