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
try([==[ffi.typeof("struct A")(1, 2).b]==], function() return ffi.typeof("struct A")(1, 2).b end)
try([==[ffi.typeof("int[?]")(3, 7)[2]]==], function() return ffi.typeof("int[?]")(3, 7)[2] end)
try([==[ffi.typeof("int")(5)  == 5]==], function() return ffi.typeof("int")(5)  == 5 end)
try([==[ffi.new("struct A")()]==], function() return ffi.new("struct A")() end)
try([==[(1LL)()]==], function() return (1LL)() end)
try([==[ffi.new("int[1]")()]==], function() return ffi.new("int[1]")() end)
try([==[ffi.typeof("struct A").x]==], function() return ffi.typeof("struct A").x end)
try([==[ffi.typeof("struct A") == ffi.typeof("struct A")]==], function() return ffi.typeof("struct A") == ffi.typeof("struct A") end)
try([==[ffi.typeof("struct A") == ffi.typeof("struct N")]==], function() return ffi.typeof("struct A") == ffi.typeof("struct N") end)
try([==[tostring(ffi.typeof(ffi.new("struct A")))]==], function() return tostring(ffi.typeof(ffi.new("struct A"))) end)
try([==[ffi.typeof(ffi.typeof("int"))]==], function() return ffi.typeof(ffi.typeof("int")) end)
try([==[#ffi.typeof("int")]==], function() return #ffi.typeof("int") end)
