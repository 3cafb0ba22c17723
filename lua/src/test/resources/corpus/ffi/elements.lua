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
try([==[(function() local a = ffi.new("int[3]") a[0] = 5 a[2] = 6 return a[0], a[1], a[2] end)()]==], function() return (function() local a = ffi.new("int[3]") a[0] = 5 a[2] = 6 return a[0], a[1], a[2] end)() end)
try([==[ffi.new("int[3]").x]==], function() return ffi.new("int[3]").x end)
try([==[ffi.new("int[3]")["1"]]==], function() return ffi.new("int[3]")["1"] end)
try([==[ffi.new("int[3]")[nil]]==], function() return ffi.new("int[3]")[nil] end)
try([==[ffi.new("int[3]")[{}]]==], function() return ffi.new("int[3]")[{}] end)
try([==[(function() local a = ffi.new("int[2]") a[1LL] = 4 return a[1ULL] end)()]==], function() return (function() local a = ffi.new("int[2]") a[1LL] = 4 return a[1ULL] end)() end)
try([==[(function() local a = ffi.new("int[2]") a[1.9] = 4 return a[1] end)()]==], function() return (function() local a = ffi.new("int[2]") a[1.9] = 4 return a[1] end)() end)
try([==[(function() local a = ffi.new("int[2]") a[0] = "5" end)()]==], function() return (function() local a = ffi.new("int[2]") a[0] = "5" end)() end)
try([==[(function() local a = ffi.new("int[2]") a[0] = nil end)()]==], function() return (function() local a = ffi.new("int[2]") a[0] = nil end)() end)
try([==[(function() local a = ffi.new("int[2]") a.x = 1 end)()]==], function() return (function() local a = ffi.new("int[2]") a.x = 1 end)() end)
try([==[(function() local a = ffi.new("int64_t[2]") a[0] = 5 return a[0], a[1] end)()]==], function() return (function() local a = ffi.new("int64_t[2]") a[0] = 5 return a[0], a[1] end)() end)
try([==[(function() local a = ffi.new("bool[2]") a[0] = true return a[0], a[1] end)()]==], function() return (function() local a = ffi.new("bool[2]") a[0] = true return a[0], a[1] end)() end)
try([==[(function() local a = ffi.new("float[1]", 0.1) return a[0] end)()]==], function() return (function() local a = ffi.new("float[1]", 0.1) return a[0] end)() end)
try([==[(function() local a = ffi.new("uint32_t[1]") a[0] = -1 return a[0] end)()]==], function() return (function() local a = ffi.new("uint32_t[1]") a[0] = -1 return a[0] end)() end)
try([==[(function() local a = ffi.new("struct A[2]") a[1].a = 5 return a[1].a, a[0].a end)()]==], function() return (function() local a = ffi.new("struct A[2]") a[1].a = 5 return a[1].a, a[0].a end)() end)
try([==[(function() local a = ffi.new("int[2][3]") a[1][2] = 5 return a[1][2], ffi.sizeof(a[0]) end)()]==], function() return (function() local a = ffi.new("int[2][3]") a[1][2] = 5 return a[1][2], ffi.sizeof(a[0]) end)() end)
try([==[(function() local a = ffi.new("const int[2]", 1, 2) a[0] = 5 end)()]==], function() return (function() local a = ffi.new("const int[2]", 1, 2) a[0] = 5 end)() end)
try([==[(function() local a = ffi.new("enum E[1]") a[0] = "EB" return tonumber(a[0]) end)()]==], function() return (function() local a = ffi.new("enum E[1]") a[0] = "EB" return tonumber(a[0]) end)() end)
