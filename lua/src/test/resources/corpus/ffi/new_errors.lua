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
try([==[ffi.new("void")]==], function() return ffi.new("void") end)
try([==[ffi.new("foo")]==], function() return ffi.new("foo") end)
try([==[ffi.new("struct foo")]==], function() return ffi.new("struct foo") end)
try([==[ffi.new(5)]==], function() return ffi.new(5) end)
try([==[ffi.new()]==], function() return ffi.new() end)
try([==[ffi.new("int[?]")]==], function() return ffi.new("int[?]") end)
try([==[ffi.new("int[-1]")]==], function() return ffi.new("int[-1]") end)
try([==[ffi.new("int[?]", -1)]==], function() return ffi.new("int[?]", -1) end)
try([==[ffi.new("int[3]", {1, 2, 3, 4})]==], function() return ffi.new("int[3]", {1, 2, 3, 4}) end)
try([==[ffi.new("int[3]", 1, 2, 3, 4)]==], function() return ffi.new("int[3]", 1, 2, 3, 4) end)
try([==[ffi.new("struct A", 1, 2, 3, 4)]==], function() return ffi.new("struct A", 1, 2, 3, 4) end)
try([==[ffi.new("union U", 1, 2)]==], function() return ffi.new("union U", 1, 2) end)
try([==[ffi.new("int[2]", "ab")]==], function() return ffi.new("int[2]", "ab") end)
try([==[ffi.new("int[2]", nil)]==], function() return ffi.new("int[2]", nil) end)
try([==[ffi.new("struct A", "x")]==], function() return ffi.new("struct A", "x") end)
try([==[ffi.new("struct A", nil)]==], function() return ffi.new("struct A", nil) end)
try([==[ffi.new("void *", "abc")]==], function() return ffi.new("void *", "abc") end)
try([==[ffi.new("void *", 5)]==], function() return ffi.new("void *", 5) end)
try([==[ffi.new("char *", "abc")]==], function() return ffi.new("char *", "abc") end)
try([==[ffi.new("int *", ffi.new("char[2]"))]==], function() return ffi.new("int *", ffi.new("char[2]")) end)
try([==[ffi.new("struct N *", ffi.new("struct A"))]==], function() return ffi.new("struct N *", ffi.new("struct A")) end)
try([==[ffi.new("enum E", "zz")]==], function() return ffi.new("enum E", "zz") end)
try([==[ffi.new("int(int)")]==], function() return ffi.new("int(int)") end)
