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
try([==[ffi.istype("int", ffi.new("int"))]==], function() return ffi.istype("int", ffi.new("int")) end)
try([==[ffi.istype("int", 5)]==], function() return ffi.istype("int", 5) end)
try([==[ffi.istype("struct A", ffi.new("struct A"))]==], function() return ffi.istype("struct A", ffi.new("struct A")) end)
try([==[ffi.istype("struct A *", ffi.new("struct A"))]==], function() return ffi.istype("struct A *", ffi.new("struct A")) end)
try([==[ffi.istype("struct A", ffi.new("struct A *"))]==], function() return ffi.istype("struct A", ffi.new("struct A *")) end)
try([==[ffi.istype("int64_t", 1LL)]==], function() return ffi.istype("int64_t", 1LL) end)
try([==[ffi.istype("uint64_t", 1LL)]==], function() return ffi.istype("uint64_t", 1LL) end)
try([==[ffi.istype("const int", ffi.new("int"))]==], function() return ffi.istype("const int", ffi.new("int")) end)
try([==[ffi.istype("int[3]", ffi.new("int[3]"))]==], function() return ffi.istype("int[3]", ffi.new("int[3]")) end)
try([==[ffi.istype("int[2]", ffi.new("int[3]"))]==], function() return ffi.istype("int[2]", ffi.new("int[3]")) end)
try([==[ffi.istype("struct A", ffi.new("struct N")["in"])]==], function() return ffi.istype("struct A", ffi.new("struct N")["in"]) end)
try([==[ffi.istype("int")]==], function() return ffi.istype("int") end)
try([==[ffi.istype("void *", ffi.new("int *"))]==], function() return ffi.istype("void *", ffi.new("int *")) end)
try([==[ffi.istype("int", "x")]==], function() return ffi.istype("int", "x") end)
try([==[ffi.istype("int", nil)]==], function() return ffi.istype("int", nil) end)
try([==[ffi.istype(5, 5)]==], function() return ffi.istype(5, 5) end)
try([==[ffi.istype("long", 1LL)]==], function() return ffi.istype("long", 1LL) end)
try([==[ffi.istype("unsigned", ffi.new("int"))]==], function() return ffi.istype("unsigned", ffi.new("int")) end)
try([==[ffi.istype("double", ffi.new("float"))]==], function() return ffi.istype("double", ffi.new("float")) end)
