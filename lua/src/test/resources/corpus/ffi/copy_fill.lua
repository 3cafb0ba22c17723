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
try([==[ffi.copy(ffi.new("char[5]"), "abcd")]==], function() return ffi.copy(ffi.new("char[5]"), "abcd") end)
try([==[(function() local b = ffi.new("char[5]") ffi.copy(b, "abcdef", 4) return ffi.string(b) end)()]==], function() return (function() local b = ffi.new("char[5]") ffi.copy(b, "abcdef", 4) return ffi.string(b) end)() end)
try([==[(function() local b = ffi.new("char[5]") ffi.fill(b, 4, 65) return ffi.string(b) end)()]==], function() return (function() local b = ffi.new("char[5]") ffi.fill(b, 4, 65) return ffi.string(b) end)() end)
try([==[(function() local b = ffi.new("char[5]", 1) ffi.fill(b, 4) return ffi.string(b) end)()]==], function() return (function() local b = ffi.new("char[5]", 1) ffi.fill(b, 4) return ffi.string(b) end)() end)
try([==[(function() local a, b = ffi.new("struct A", 1, 2, 3), ffi.new("struct A") ffi.copy(b, a, ffi.sizeof(a)) return b.a, b.b, b.c end)()]==], function() return (function() local a, b = ffi.new("struct A", 1, 2, 3), ffi.new("struct A") ffi.copy(b, a, ffi.sizeof(a)) return b.a, b.b, b.c end)() end)
try([==[(function() local b = ffi.new("int[4]", 1, 2, 3, 4) ffi.copy(b, b + 2, 8) return b[0], b[1], b[2] end)()]==], function() return (function() local b = ffi.new("int[4]", 1, 2, 3, 4) ffi.copy(b, b + 2, 8) return b[0], b[1], b[2] end)() end)
try([==[ffi.copy("abc", "x", 1)]==], function() return ffi.copy("abc", "x", 1) end)
try([==[ffi.copy(5, "x", 1)]==], function() return ffi.copy(5, "x", 1) end)
try([==[ffi.copy()]==], function() return ffi.copy() end)
try([==[ffi.copy(ffi.new("char[5]"))]==], function() return ffi.copy(ffi.new("char[5]")) end)
try([==[ffi.copy(ffi.new("char[5]"), ffi.new("char[5]"))]==], function() return ffi.copy(ffi.new("char[5]"), ffi.new("char[5]")) end)
try([==[ffi.fill(ffi.new("int[1]"))]==], function() return ffi.fill(ffi.new("int[1]")) end)
try([==[ffi.fill(5, 1)]==], function() return ffi.fill(5, 1) end)
try([==[ffi.fill()]==], function() return ffi.fill() end)
try([==[(function() local b = ffi.new("char[4]") ffi.fill(b, 3, 300) return b[0] end)()]==], function() return (function() local b = ffi.new("char[4]") ffi.fill(b, 3, 300) return b[0] end)() end)
try([==[ffi.copy(ffi.new("const char[5]"), "a", 1)]==], function() return ffi.copy(ffi.new("const char[5]"), "a", 1) end)
