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
try([==[ffi.new("enum E", 5)]==], function() return ffi.new("enum E", 5) end)
try([==[ffi.new("enum E", "EB") == 5]==], function() return ffi.new("enum E", "EB") == 5 end)
try([==[ffi.new("enum E", "EB") == "EB"]==], function() return ffi.new("enum E", "EB") == "EB" end)
try([==["EC" == ffi.new("enum E", "EB")]==], function() return "EC" == ffi.new("enum E", "EB") end)
try([==[tonumber(ffi.new("enum E", "EC"))]==], function() return tonumber(ffi.new("enum E", "EC")) end)
try([==[tostring(ffi.new("enum E", 6))]==], function() return tostring(ffi.new("enum E", 6)) end)
try([==[tostring(ffi.new("enum E", 77))]==], function() return tostring(ffi.new("enum E", 77)) end)
try([==[ffi.new("enum E", "EB") + 1]==], function() return ffi.new("enum E", "EB") + 1 end)
try([==[ffi.new("enum E", "ED") < 0]==], function() return ffi.new("enum E", "ED") < 0 end)
try([==[ffi.new("enum E") == ffi.new("enum E")]==], function() return ffi.new("enum E") == ffi.new("enum E") end)
try([==[tonumber(ffi.new("enum E", -1))]==], function() return tonumber(ffi.new("enum E", -1)) end)
try([==[ffi.new("enum E", "zz")]==], function() return ffi.new("enum E", "zz") end)
