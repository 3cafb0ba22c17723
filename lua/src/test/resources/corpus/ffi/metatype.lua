local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local ffi = dofile(arg[0]:match("^.*/") .. "_types.lua")
local A A = ffi.metatype("struct A", {
  __index = {get = function(s) return s.a end, name = "field of the type"},
  __newindex = function(s, k, v) print("newindex", k, v) end,
  __add = function(x, y) return tonumber(ffi.istype("struct A", x) and x.a or x) + tonumber(ffi.istype("struct A", y) and y.a or y) end,
  __eq = function(x, y) return true end, __lt = function() return true end, __le = function() return false end,
  __len = function() return 9 end, __call = function(s, ...) return select("#", ...), ... end,
  __tostring = function(s) return "A(" .. s.a .. ")" end, __concat = function(x, y) return "joined" end, __unm = function(s) return "minus" end,
  __sub = function() return "sub" end, __mul = function() return "mul" end, __div = function() return "div" end, __mod = function() return "mod" end, __pow = function() return "pow" end,
  __new = function(ct, x) return ffi.new(ct, x * 2) end,
})
local a, b = A(5), ffi.new("struct A", 3)
print(a.a, b.a, a:get(), a.name, pcall(function() return a.nope end)) a.other = 1 a.a = 4 print(a.a)
print(a + b, a + 1, 1 + a, a - b, a * 2, a / 2, a % 2, a ^ 2, -a) print(a == b, a ~= b, a < b, a <= b, a > b, a >= b) print(#a, a .. "x", "x" .. a, a .. a) print(a(1, 2, 3)) print(tostring(a), a) print(ffi.new("struct A *", a):get(), ffi.new("struct A[2]")[1]:get())
print(pcall(ffi.metatype, "struct A", {})) print(pcall(ffi.metatype, "int", {})) print(pcall(ffi.metatype, "struct N", 5)) print(pcall(ffi.metatype)) print(tostring(A))
