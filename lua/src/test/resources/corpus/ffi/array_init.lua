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
try([==[ffi.new("int[3]", 5)[2]]==], function() return ffi.new("int[3]", 5)[2] end)
try([==[ffi.new("int[3]", 5, 6)[2]]==], function() return ffi.new("int[3]", 5, 6)[2] end)
try([==[ffi.new("int[3]", {5})[2]]==], function() return ffi.new("int[3]", {5})[2] end)
try([==[ffi.new("int[3]", {5, 6})[2]]==], function() return ffi.new("int[3]", {5, 6})[2] end)
try([==[ffi.new("int[3]", {[0] = 5, 6})[1]]==], function() return ffi.new("int[3]", {[0] = 5, 6})[1] end)
try([==[ffi.new("char[4]", "abc")[3]]==], function() return ffi.new("char[4]", "abc")[3] end)
try([==[ffi.new("char[3]", "abc")[2]]==], function() return ffi.new("char[3]", "abc")[2] end)
try([==[ffi.new("char[2]", "abc")[1]]==], function() return ffi.new("char[2]", "abc")[1] end)
try([==[ffi.new("char[?]", 4, "ab")[1]]==], function() return ffi.new("char[?]", 4, "ab")[1] end)
try([==[ffi.new("int[?]", 3, 7)[2]]==], function() return ffi.new("int[?]", 3, 7)[2] end)
try([==[ffi.new("int[?]", 3, {7, 8})[1]]==], function() return ffi.new("int[?]", 3, {7, 8})[1] end)
try([==[ffi.new("int[2][3]", {{1, 2, 3}, {4, 5, 6}})[1][2]]==], function() return ffi.new("int[2][3]", {{1, 2, 3}, {4, 5, 6}})[1][2] end)
try([==[ffi.new("struct A[2]", {{1}, {2}})[1].a]==], function() return ffi.new("struct A[2]", {{1}, {2}})[1].a end)
try([==[ffi.new("struct A[2]", {{a = 1, b = 2}, {b = 3}})[1].b]==], function() return ffi.new("struct A[2]", {{a = 1, b = 2}, {b = 3}})[1].b end)
try([==[ffi.new("uint8_t[3]", "ab")[1]]==], function() return ffi.new("uint8_t[3]", "ab")[1] end)
try([==[ffi.new("double[2]", {0.5})[1]]==], function() return ffi.new("double[2]", {0.5})[1] end)
try([==[ffi.new("bool[2]", true)[1]]==], function() return ffi.new("bool[2]", true)[1] end)
try([==[ffi.new("int64_t[2]", 5)[1]]==], function() return ffi.new("int64_t[2]", 5)[1] end)
try([==[ffi.new("int[0]") ~= nil]==], function() return ffi.new("int[0]") ~= nil end)
