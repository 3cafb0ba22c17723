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
try([==[#ffi.new("struct A")]==], function() return #ffi.new("struct A") end)
try([==[ffi.new("struct A") .. ""]==], function() return ffi.new("struct A") .. "" end)
try([==[ffi.new("struct A") + 1]==], function() return ffi.new("struct A") + 1 end)
try([==[ffi.new("struct A") == 1]==], function() return ffi.new("struct A") == 1 end)
try([==[ffi.new("struct A") < ffi.new("struct A")]==], function() return ffi.new("struct A") < ffi.new("struct A") end)
try([==[ffi.new("struct A") == ffi.new("struct A")]==], function() return ffi.new("struct A") == ffi.new("struct A") end)
try([==[ffi.new("struct A") == nil]==], function() return ffi.new("struct A") == nil end)
try([==[-ffi.new("struct A")]==], function() return -ffi.new("struct A") end)
try([==[ffi.new("int", 5) + 1]==], function() return ffi.new("int", 5) + 1 end)
try([==[ffi.new("int", 5) == 5]==], function() return ffi.new("int", 5) == 5 end)
try([==[ffi.new("uint8_t", 5) * 2]==], function() return ffi.new("uint8_t", 5) * 2 end)
try([==[ffi.new("float", 1.5) + 1]==], function() return ffi.new("float", 1.5) + 1 end)
try([==[ffi.new("double", 1.5) + 1]==], function() return ffi.new("double", 1.5) + 1 end)
try([==[ffi.new("bool", true) == true]==], function() return ffi.new("bool", true) == true end)
try([==[ffi.new("int", 7) / ffi.new("int", 2)]==], function() return ffi.new("int", 7) / ffi.new("int", 2) end)
try([==[ffi.new("int", -1) < ffi.new("uint64_t", 1)]==], function() return ffi.new("int", -1) < ffi.new("uint64_t", 1) end)
try([==[ffi.new("int[1]") .. "x"]==], function() return ffi.new("int[1]") .. "x" end)
try([==[#ffi.new("int[3]")]==], function() return #ffi.new("int[3]") end)
try([==[ffi.new("int", 5) < ffi.new("int", 6)]==], function() return ffi.new("int", 5) < ffi.new("int", 6) end)
try([==[ffi.new("int", 3) % 2]==], function() return ffi.new("int", 3) % 2 end)
