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
try([==[ffi.string(ffi.new("char[4]", "abc"))]==], function() return ffi.string(ffi.new("char[4]", "abc")) end)
try([==[ffi.string(ffi.new("char[4]", "abc"), 2)]==], function() return ffi.string(ffi.new("char[4]", "abc"), 2) end)
try([==[ffi.string("abc")]==], function() return ffi.string("abc") end)
try([==[ffi.string("abc", 2)]==], function() return ffi.string("abc", 2) end)
try([==[ffi.string("a\0b")]==], function() return ffi.string("a\0b") end)
try([==[#ffi.string("a\0b", 3)]==], function() return #ffi.string("a\0b", 3) end)
try([==[ffi.string(5)]==], function() return ffi.string(5) end)
try([==[ffi.string(ffi.new("int[2]"))]==], function() return ffi.string(ffi.new("int[2]")) end)
try([==[#ffi.string(ffi.new("int[2]"), 8)]==], function() return #ffi.string(ffi.new("int[2]"), 8) end)
try([==[ffi.string(ffi.new("uint8_t[3]", 65, 66))]==], function() return ffi.string(ffi.new("uint8_t[3]", 65, 66)) end)
try([==[ffi.string(ffi.new("struct A"))]==], function() return ffi.string(ffi.new("struct A")) end)
try([==[ffi.string(ffi.new("struct A"), 2)]==], function() return ffi.string(ffi.new("struct A"), 2) end)
try([==[ffi.string()]==], function() return ffi.string() end)
try([==[ffi.string({})]==], function() return ffi.string({}) end)
try([==[ffi.string(ffi.new("char[3]"), 0)]==], function() return ffi.string(ffi.new("char[3]"), 0) end)
try([==[ffi.string(1LL)]==], function() return ffi.string(1LL) end)
try([==[ffi.string(ffi.cast("const char *", "hello") + 2)]==], function() return ffi.string(ffi.cast("const char *", "hello") + 2) end)
