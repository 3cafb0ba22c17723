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
try([==[tonumber(ffi.cast("int", 5.7))]==], function() return tonumber(ffi.cast("int", 5.7)) end)
try([==[tonumber(ffi.cast("uint8_t", -1))]==], function() return tonumber(ffi.cast("uint8_t", -1)) end)
try([==[ffi.cast("uint64_t", -1LL)]==], function() return ffi.cast("uint64_t", -1LL) end)
try([==[ffi.cast("int64_t", -1ULL)]==], function() return ffi.cast("int64_t", -1ULL) end)
try([==[ffi.cast("int64_t", 2^40)]==], function() return ffi.cast("int64_t", 2^40) end)
try([==[ffi.cast("void *", 0) == nil]==], function() return ffi.cast("void *", 0) == nil end)
try([==[ffi.cast("void *", nil) == nil]==], function() return ffi.cast("void *", nil) == nil end)
try([==[ffi.cast("const char *", "abc")[1]]==], function() return ffi.cast("const char *", "abc")[1] end)
try([==[ffi.cast("char *", "abc")[2]]==], function() return ffi.cast("char *", "abc")[2] end)
try([==[ffi.cast("struct A", 1)]==], function() return ffi.cast("struct A", 1) end)
try([==[ffi.cast("int *", 5)]==], function() return ffi.cast("int *", 5) end)
try([==[ffi.cast("intptr_t", ffi.cast("void *", 5))]==], function() return ffi.cast("intptr_t", ffi.cast("void *", 5)) end)
try([==[ffi.cast("uintptr_t", ffi.cast("void *", 5))]==], function() return ffi.cast("uintptr_t", ffi.cast("void *", 5)) end)
try([==[tonumber(ffi.cast("uint8_t", ffi.cast("void *", 5)))]==], function() return tonumber(ffi.cast("uint8_t", ffi.cast("void *", 5))) end)
try([==[ffi.cast("int[3]", 1)]==], function() return ffi.cast("int[3]", 1) end)
try([==[tonumber(ffi.cast("double", 1LL))]==], function() return tonumber(ffi.cast("double", 1LL)) end)
try([==[tonumber(ffi.cast("bool", 5))]==], function() return tonumber(ffi.cast("bool", 5)) end)
try([==[ffi.cast("int *", ffi.new("char[4]", 1))[0]]==], function() return ffi.cast("int *", ffi.new("char[4]", 1))[0] end)
try([==[ffi.cast("void *", ffi.new("int[2]"))[0]]==], function() return ffi.cast("void *", ffi.new("int[2]"))[0] end)
try([==[ffi.cast("enum E", 5)]==], function() return ffi.cast("enum E", 5) end)
try([==[tonumber(ffi.cast("enum E", "EB"))]==], function() return tonumber(ffi.cast("enum E", "EB")) end)
try([==[tonumber(ffi.cast("float", 0.1))]==], function() return tonumber(ffi.cast("float", 0.1)) end)
try([==[ffi.cast("struct A *", 8) == ffi.cast("int *", 8)]==], function() return ffi.cast("struct A *", 8) == ffi.cast("int *", 8) end)
try([==[ffi.cast("struct A *", 8)]==], function() return ffi.cast("struct A *", 8) end)
try([==[ffi.cast("int (*)(int)", 8)]==], function() return ffi.cast("int (*)(int)", 8) end)
try([==[ffi.cast("int *", ffi.new("float[1]", 1))[0]]==], function() return ffi.cast("int *", ffi.new("float[1]", 1))[0] end)
try([==[ffi.cast("int", {})]==], function() return ffi.cast("int", {}) end)
try([==[ffi.cast("int")]==], function() return ffi.cast("int") end)
try([==[ffi.cast()]==], function() return ffi.cast() end)
try([==[ffi.cast("foo", 1)]==], function() return ffi.cast("foo", 1) end)
try([==[ffi.cast("void *", 2^33)]==], function() return ffi.cast("void *", 2^33) end)
