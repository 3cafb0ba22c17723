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
try([==[tostring(ffi.new("int", 5)):gsub("0x%x+", "")]==], function() return tostring(ffi.new("int", 5)):gsub("0x%x+", "") end)
try([==[tostring(ffi.new("int[2]")):gsub("0x%x+", "")]==], function() return tostring(ffi.new("int[2]")):gsub("0x%x+", "") end)
try([==[tostring(ffi.new("struct A")):gsub("0x%x+", "")]==], function() return tostring(ffi.new("struct A")):gsub("0x%x+", "") end)
try([==[tostring(ffi.new("int *"))]==], function() return tostring(ffi.new("int *")) end)
try([==[tostring(ffi.cast("int *", 5))]==], function() return tostring(ffi.cast("int *", 5)) end)
try([==[tostring(ffi.cast("int *", 2^40))]==], function() return tostring(ffi.cast("int *", 2^40)) end)
try([==[tostring(ffi.typeof("struct A"))]==], function() return tostring(ffi.typeof("struct A")) end)
try([==[tostring(ffi.new("bool", true)):gsub("0x%x+", "")]==], function() return tostring(ffi.new("bool", true)):gsub("0x%x+", "") end)
try([==[tostring(ffi.new("double", 5)):gsub("0x%x+", "")]==], function() return tostring(ffi.new("double", 5)):gsub("0x%x+", "") end)
try([==[tostring(ffi.new("int[?]", 3)):gsub("0x%x+", "")]==], function() return tostring(ffi.new("int[?]", 3)):gsub("0x%x+", "") end)
try([==[tostring(ffi.C):gsub("0x%x+", "")]==], function() return tostring(ffi.C):gsub("0x%x+", "") end)
try([==[tostring(ffi.new("cb_t"))]==], function() return tostring(ffi.new("cb_t")) end)
try([==[tostring(ffi.new("point_t *")):gsub("%d+", "N")]==], function() return tostring(ffi.new("point_t *")):gsub("%d+", "N") end)
try([==[type(ffi.new("int"))]==], function() return type(ffi.new("int")) end)
try([==[type(ffi.typeof("int"))]==], function() return type(ffi.typeof("int")) end)
