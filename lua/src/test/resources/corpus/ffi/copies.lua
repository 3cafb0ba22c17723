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
try([==[(function() local a = ffi.new("struct A", 1) local b = ffi.new("struct A", a) a.a = 9 return b.a end)()]==], function() return (function() local a = ffi.new("struct A", 1) local b = ffi.new("struct A", a) a.a = 9 return b.a end)() end)
try([==[(function() local a = ffi.new("int[2]", 1, 2) local b = ffi.new("int[2]", a) a[0] = 9 return b[0], b[1] end)()]==], function() return (function() local a = ffi.new("int[2]", 1, 2) local b = ffi.new("int[2]", a) a[0] = 9 return b[0], b[1] end)() end)
try([==[(function() local n = ffi.new("struct N") local a = ffi.new("struct A", 5) n["in"] = a a.a = 6 return n["in"].a end)()]==], function() return (function() local n = ffi.new("struct N") local a = ffi.new("struct A", 5) n["in"] = a a.a = 6 return n["in"].a end)() end)
try([==[(function() local n = ffi.new("struct N") local inner = n["in"] inner.a = 3 return n["in"].a end)()]==], function() return (function() local n = ffi.new("struct N") local inner = n["in"] inner.a = 3 return n["in"].a end)() end)
try([==[(function() local n = ffi.new("struct N") n["in"] = 5 end)()]==], function() return (function() local n = ffi.new("struct N") n["in"] = 5 end)() end)
try([==[(function() local a = ffi.new("struct A", 5) return ffi.new("struct A *", a) == a end)()]==], function() return (function() local a = ffi.new("struct A", 5) return ffi.new("struct A *", a) == a end)() end)
try([==[(function() local p = ffi.new("point_t", 1, 2) local q = ffi.new("point_t", p) return q.x, q.y end)()]==], function() return (function() local p = ffi.new("point_t", 1, 2) local q = ffi.new("point_t", p) return q.x, q.y end)() end)
