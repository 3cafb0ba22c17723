local function show(...)
  local texts = {}
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    texts[i] = type(value) == "number" and string.format("%.14g", value) or type(value) == "string" and ("%q"):format(value) or tostring(value)
  end
  print(table.concat(texts, " "))
end
local function try(name, f, ...)
  io.write(name, ": ")
  show(pcall(f, ...))
end
local ffi = require("ffi")
ffi.cdef[[
struct A { int a; char b; double c; };
typedef struct { int x, y; } point_t;
typedef unsigned char u8;
typedef double d3[3];
typedef int (*cb_t)(int, void *);
enum E { EA, EB = 5, EC, ED = -1 };
enum { ANON1 = 10, ANON2 };
static const int K = 42;
static const int K2 = 1 << 4 | 3;
union U { int i; float f; char c[4]; };
struct F { int a : 3; unsigned b : 5; };
struct N { struct { int p, q; }; union { int r; float s; } u; struct A in; int arr[3]; char *ptr; struct N *next; };
struct V { int n; int a[?]; };
struct P { char a; int b; } __attribute__((packed));
]]
try([==[(function() local a = ffi.new("struct A") a.a = 7.9 return a.a end)()]==], function() return (function() local a = ffi.new("struct A") a.a = 7.9 return a.a end)() end)
try([==[(function() local a = ffi.new("struct A") a.b = 300 return a.b end)()]==], function() return (function() local a = ffi.new("struct A") a.b = 300 return a.b end)() end)
try([==[(function() local a = ffi.new("struct A") a.c = 1/3 return a.c end)()]==], function() return (function() local a = ffi.new("struct A") a.c = 1/3 return a.c end)() end)
try([==[(function() local a = ffi.new("struct A") a.zz = 1 end)()]==], function() return (function() local a = ffi.new("struct A") a.zz = 1 end)() end)
try([==[(function() local a = ffi.new("struct A") a.a = "x" end)()]==], function() return (function() local a = ffi.new("struct A") a.a = "x" end)() end)
try([==[(function() local a = ffi.new("struct A") a.a = nil end)()]==], function() return (function() local a = ffi.new("struct A") a.a = nil end)() end)
try([==[ffi.new("struct A").zz]==], function() return ffi.new("struct A").zz end)
try([==[ffi.new("struct A")[0]]==], function() return ffi.new("struct A")[0] end)
try([==[ffi.new("struct A")[1]]==], function() return ffi.new("struct A")[1] end)
try([==[(function() local n = ffi.new("struct N") n.p = 1 n.q = 2 n.u.s = 1 n["in"].a = 5 n.arr[2] = 9 return n.p, n.q, n.u.r, n["in"].a, n.arr[2] end)()]==], function() return (function() local n = ffi.new("struct N") n.p = 1 n.q = 2 n.u.s = 1 n["in"].a = 5 n.arr[2] = 9 return n.p, n.q, n.u.r, n["in"].a, n.arr[2] end)() end)
try([==[(function() local n = ffi.new("struct N") n.arr = {1, 2, 3} n["in"] = {4, 5} return n.arr[1], n["in"].b end)()]==], function() return (function() local n = ffi.new("struct N") n.arr = {1, 2, 3} n["in"] = {4, 5} return n.arr[1], n["in"].b end)() end)
try([==[ffi.new("struct N").next == nil]==], function() return ffi.new("struct N").next == nil end)
try([==[ffi.new("struct N").ptr == nil]==], function() return ffi.new("struct N").ptr == nil end)
try([==[(function() local f = ffi.new("struct F") f.a = 3 f.b = 31 f.a = -1 return f.a, f.b end)()]==], function() return (function() local f = ffi.new("struct F") f.a = 3 f.b = 31 f.a = -1 return f.a, f.b end)() end)
try([==[(function() local u = ffi.new("union U") u.f = 1 return u.i, u.c[3] end)()]==], function() return (function() local u = ffi.new("union U") u.f = 1 return u.i, u.c[3] end)() end)
try([==[tostring(ffi.new("struct N").arr):gsub("0x%x+", "")]==], function() return tostring(ffi.new("struct N").arr):gsub("0x%x+", "") end)
try([==[tostring(ffi.new("struct N")["in"]):gsub("0x%x+", "")]==], function() return tostring(ffi.new("struct N")["in"]):gsub("0x%x+", "") end)
