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
try([==[ffi.offsetof("struct A", "a")]==], function() return ffi.offsetof("struct A", "a") end)
try([==[ffi.offsetof("struct A", "b")]==], function() return ffi.offsetof("struct A", "b") end)
try([==[ffi.offsetof("struct A", "c")]==], function() return ffi.offsetof("struct A", "c") end)
try([==[ffi.offsetof("struct A", "zz")]==], function() return ffi.offsetof("struct A", "zz") end)
try([==[ffi.offsetof("struct F", "a")]==], function() return ffi.offsetof("struct F", "a") end)
try([==[ffi.offsetof("struct F", "b")]==], function() return ffi.offsetof("struct F", "b") end)
try([==[ffi.offsetof("struct N", "q")]==], function() return ffi.offsetof("struct N", "q") end)
try([==[ffi.offsetof("struct N", "u")]==], function() return ffi.offsetof("struct N", "u") end)
try([==[ffi.offsetof("struct N", "next")]==], function() return ffi.offsetof("struct N", "next") end)
try([==[ffi.offsetof("struct P", "b")]==], function() return ffi.offsetof("struct P", "b") end)
try([==[ffi.offsetof("struct V", "a")]==], function() return ffi.offsetof("struct V", "a") end)
try([==[ffi.offsetof("int", "x")]==], function() return ffi.offsetof("int", "x") end)
try([==[ffi.offsetof("struct A")]==], function() return ffi.offsetof("struct A") end)
try([==[ffi.offsetof(5, "x")]==], function() return ffi.offsetof(5, "x") end)
try([==[select("#", ffi.offsetof("struct A", "zz"))]==], function() return select("#", ffi.offsetof("struct A", "zz")) end)
