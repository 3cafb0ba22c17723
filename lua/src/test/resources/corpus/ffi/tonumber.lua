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
try([==[tonumber(ffi.new("struct A"))]==], function() return tonumber(ffi.new("struct A")) end)
try([==[tonumber(ffi.new("int[1]"))]==], function() return tonumber(ffi.new("int[1]")) end)
try([==[tonumber(ffi.new("int *"))]==], function() return tonumber(ffi.new("int *")) end)
try([==[tonumber(ffi.new("float", 0.1))]==], function() return tonumber(ffi.new("float", 0.1)) end)
try([==[tonumber(ffi.new("int", 5.9))]==], function() return tonumber(ffi.new("int", 5.9)) end)
try([==[tonumber(ffi.new("bool", true))]==], function() return tonumber(ffi.new("bool", true)) end)
try([==[tonumber(ffi.new("uint64_t", 2^63))]==], function() return tonumber(ffi.new("uint64_t", 2^63)) end)
try([==[tonumber(ffi.new("enum E", 6))]==], function() return tonumber(ffi.new("enum E", 6)) end)
try([==[tonumber(9007199254740993LL)]==], function() return tonumber(9007199254740993LL) end)
try([==[tonumber(18446744073709551615ULL)]==], function() return tonumber(18446744073709551615ULL) end)
