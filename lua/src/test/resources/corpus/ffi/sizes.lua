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
try([==[ffi.sizeof("char")]==], function() return ffi.sizeof("char") end)
try([==[ffi.sizeof("short")]==], function() return ffi.sizeof("short") end)
try([==[ffi.sizeof("int")]==], function() return ffi.sizeof("int") end)
try([==[ffi.sizeof("long")]==], function() return ffi.sizeof("long") end)
try([==[ffi.sizeof("long long")]==], function() return ffi.sizeof("long long") end)
try([==[ffi.sizeof("float")]==], function() return ffi.sizeof("float") end)
try([==[ffi.sizeof("double")]==], function() return ffi.sizeof("double") end)
try([==[ffi.sizeof("long double")]==], function() return ffi.sizeof("long double") end)
try([==[ffi.sizeof("bool")]==], function() return ffi.sizeof("bool") end)
try([==[ffi.sizeof("void *")]==], function() return ffi.sizeof("void *") end)
try([==[ffi.sizeof("int[5]")]==], function() return ffi.sizeof("int[5]") end)
try([==[ffi.sizeof("int[2][3]")]==], function() return ffi.sizeof("int[2][3]") end)
try([==[ffi.sizeof("struct A")]==], function() return ffi.sizeof("struct A") end)
try([==[ffi.sizeof("struct N")]==], function() return ffi.sizeof("struct N") end)
try([==[ffi.sizeof("union U")]==], function() return ffi.sizeof("union U") end)
try([==[ffi.sizeof("struct F")]==], function() return ffi.sizeof("struct F") end)
try([==[ffi.sizeof("struct P")]==], function() return ffi.sizeof("struct P") end)
try([==[ffi.sizeof("enum E")]==], function() return ffi.sizeof("enum E") end)
try([==[ffi.sizeof("d3")]==], function() return ffi.sizeof("d3") end)
try([==[ffi.sizeof("point_t")]==], function() return ffi.sizeof("point_t") end)
try([==[ffi.sizeof("u8")]==], function() return ffi.sizeof("u8") end)
try([==[ffi.sizeof("cb_t")]==], function() return ffi.sizeof("cb_t") end)
try([==[ffi.sizeof("void")]==], function() return ffi.sizeof("void") end)
try([==[ffi.sizeof("int(int)")]==], function() return ffi.sizeof("int(int)") end)
try([==[ffi.sizeof("struct V", 5)]==], function() return ffi.sizeof("struct V", 5) end)
try([==[ffi.sizeof("int[?]", 4)]==], function() return ffi.sizeof("int[?]", 4) end)
try([==[ffi.sizeof("struct V")]==], function() return ffi.sizeof("struct V") end)
try([==[ffi.sizeof("int[?]")]==], function() return ffi.sizeof("int[?]") end)
try([==[ffi.sizeof(ffi.new("int[5]"))]==], function() return ffi.sizeof(ffi.new("int[5]")) end)
try([==[ffi.sizeof(ffi.new("int[?]", 7))]==], function() return ffi.sizeof(ffi.new("int[?]", 7)) end)
try([==[ffi.sizeof(ffi.new("struct V", 3))]==], function() return ffi.sizeof(ffi.new("struct V", 3)) end)
try([==[ffi.sizeof(5)]==], function() return ffi.sizeof(5) end)
try([==[ffi.sizeof(1LL)]==], function() return ffi.sizeof(1LL) end)
try([==[ffi.sizeof()]==], function() return ffi.sizeof() end)
try([==[ffi.sizeof(ffi.typeof("int"))]==], function() return ffi.sizeof(ffi.typeof("int")) end)
