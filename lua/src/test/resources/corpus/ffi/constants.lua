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
try([==[ffi.C.EA]==], function() return ffi.C.EA end)
try([==[ffi.C.EB]==], function() return ffi.C.EB end)
try([==[ffi.C.EC]==], function() return ffi.C.EC end)
try([==[ffi.C.ED]==], function() return ffi.C.ED end)
try([==[ffi.C.ANON1]==], function() return ffi.C.ANON1 end)
try([==[ffi.C.ANON2]==], function() return ffi.C.ANON2 end)
try([==[ffi.C.K]==], function() return ffi.C.K end)
try([==[ffi.C.K2]==], function() return ffi.C.K2 end)
try([==[ffi.C.nope]==], function() return ffi.C.nope end)
try([==[(function() ffi.C.K = 5 end)()]==], function() return (function() ffi.C.K = 5 end)() end)
try([==[(function() ffi.C.nope = 5 end)()]==], function() return (function() ffi.C.nope = 5 end)() end)
try([==[type(ffi.C)]==], function() return type(ffi.C) end)
