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
try([==[ffi.new("struct A").a]==], function() return ffi.new("struct A").a end)
try([==[ffi.new("struct A", 1, 2, 3.5).c]==], function() return ffi.new("struct A", 1, 2, 3.5).c end)
try([==[ffi.new("struct A", {1, 2, 3.5}).b]==], function() return ffi.new("struct A", {1, 2, 3.5}).b end)
try([==[ffi.new("struct A", {a = 5, c = 2}).a]==], function() return ffi.new("struct A", {a = 5, c = 2}).a end)
try([==[ffi.new("struct A", {a = 5, c = 2}).b]==], function() return ffi.new("struct A", {a = 5, c = 2}).b end)
try([==[ffi.new("struct A", {zz = 5}).a]==], function() return ffi.new("struct A", {zz = 5}).a end)
try([==[ffi.new("struct A", {[0] = 7, 8}).b]==], function() return ffi.new("struct A", {[0] = 7, 8}).b end)
try([==[ffi.new("union U", 1).i]==], function() return ffi.new("union U", 1).i end)
try([==[ffi.new("union U", {f = 1}).i]==], function() return ffi.new("union U", {f = 1}).i end)
try([==[ffi.new("struct N", {1, 2}).q]==], function() return ffi.new("struct N", {1, 2}).q end)
try([==[ffi.new("struct N", {p = 4}).p]==], function() return ffi.new("struct N", {p = 4}).p end)
try([==[ffi.new("struct V", 3).n]==], function() return ffi.new("struct V", 3).n end)
try([==[ffi.new("struct V", 3, 7).n]==], function() return ffi.new("struct V", 3, 7).n end)
try([==[ffi.new("struct V", 3, {7, {1, 2, 3}}).a[2]]==], function() return ffi.new("struct V", 3, {7, {1, 2, 3}}).a[2] end)
try([==[ffi.new("struct V", 3, 7, {9}).a[2]]==], function() return ffi.new("struct V", 3, 7, {9}).a[2] end)
try([==[ffi.new("point_t", 1, 2).y]==], function() return ffi.new("point_t", 1, 2).y end)
try([==[ffi.new("struct F", 1, 2).b]==], function() return ffi.new("struct F", 1, 2).b end)
try([==[ffi.new("struct F", 7, 40).a]==], function() return ffi.new("struct F", 7, 40).a end)
try([==[ffi.new("struct F", 7, 40).b]==], function() return ffi.new("struct F", 7, 40).b end)
try([==[ffi.new("d3", 1, 2, 3)[2]]==], function() return ffi.new("d3", 1, 2, 3)[2] end)
