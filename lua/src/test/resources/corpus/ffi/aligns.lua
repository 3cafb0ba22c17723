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
try([==[ffi.alignof("char")]==], function() return ffi.alignof("char") end)
try([==[ffi.alignof("short")]==], function() return ffi.alignof("short") end)
try([==[ffi.alignof("int")]==], function() return ffi.alignof("int") end)
try([==[ffi.alignof("double")]==], function() return ffi.alignof("double") end)
try([==[ffi.alignof("long double")]==], function() return ffi.alignof("long double") end)
try([==[ffi.alignof("struct A")]==], function() return ffi.alignof("struct A") end)
try([==[ffi.alignof("struct P")]==], function() return ffi.alignof("struct P") end)
try([==[ffi.alignof("struct N")]==], function() return ffi.alignof("struct N") end)
try([==[ffi.alignof("int[3]")]==], function() return ffi.alignof("int[3]") end)
try([==[ffi.alignof("void *")]==], function() return ffi.alignof("void *") end)
try([==[ffi.alignof("union U")]==], function() return ffi.alignof("union U") end)
try([==[ffi.alignof("d3")]==], function() return ffi.alignof("d3") end)
try([==[ffi.alignof(5)]==], function() return ffi.alignof(5) end)
try([==[ffi.alignof()]==], function() return ffi.alignof() end)
