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
try([==[ffi.new("int *", ffi.new("int[2]", 7, 8))[1]]==], function() return ffi.new("int *", ffi.new("int[2]", 7, 8))[1] end)
try([==[ffi.new("void *", ffi.new("char[2]")) ~= nil]==], function() return ffi.new("void *", ffi.new("char[2]")) ~= nil end)
try([==[(ffi.new("int *", ffi.new("int[3]", 7, 8, 9)) + 1)[1]]==], function() return (ffi.new("int *", ffi.new("int[3]", 7, 8, 9)) + 1)[1] end)
try([==[(ffi.new("int[3]", 7, 8, 9) + 2)[0]]==], function() return (ffi.new("int[3]", 7, 8, 9) + 2)[0] end)
try([==[(function() local a = ffi.new("int[3]") return (a + 2) - a end)()]==], function() return (function() local a = ffi.new("int[3]") return (a + 2) - a end)() end)
try([==[(function() local a = ffi.new("int[3]") return (a + 2) > a, (a + 1) <= a, a == a + 0 end)()]==], function() return (function() local a = ffi.new("int[3]") return (a + 2) > a, (a + 1) <= a, a == a + 0 end)() end)
try([==[ffi.new("int *") + ffi.new("int *")]==], function() return ffi.new("int *") + ffi.new("int *") end)
try([==[ffi.new("int *") * 2]==], function() return ffi.new("int *") * 2 end)
try([==[ffi.new("int *") - ffi.new("char *")]==], function() return ffi.new("int *") - ffi.new("char *") end)
try([==[ffi.new("int *") < 5]==], function() return ffi.new("int *") < 5 end)
try([==[-ffi.new("int *")]==], function() return -ffi.new("int *") end)
try([==[1 - ffi.new("int *")]==], function() return 1 - ffi.new("int *") end)
try([==[1 + ffi.cast("int *", 4)]==], function() return 1 + ffi.cast("int *", 4) end)
try([==[ffi.cast("double *", 16) - 1]==], function() return ffi.cast("double *", 16) - 1 end)
try([==[ffi.new("int *") == nil]==], function() return ffi.new("int *") == nil end)
try([==[ffi.new("int[3]") == nil]==], function() return ffi.new("int[3]") == nil end)
try([==[nil == ffi.new("void *")]==], function() return nil == ffi.new("void *") end)
try([==[ffi.new("int *") == 0]==], function() return ffi.new("int *") == 0 end)
try([==[ffi.new("struct A *", ffi.new("struct A", 3)).a]==], function() return ffi.new("struct A *", ffi.new("struct A", 3)).a end)
try([==[(function() local a = ffi.new("struct A[3]") local p = ffi.cast("struct A *", a) p[1].a = 5 p = p + 1 return p.a, p[-1].a end)()]==], function() return (function() local a = ffi.new("struct A[3]") local p = ffi.cast("struct A *", a) p[1].a = 5 p = p + 1 return p.a, p[-1].a end)() end)
try([==[(function() local n, m = ffi.new("struct N"), ffi.new("struct N") m.p = 77 n.next = m return n.next.p, n.next == m end)()]==], function() return (function() local n, m = ffi.new("struct N"), ffi.new("struct N") m.p = 77 n.next = m return n.next.p, n.next == m end)() end)
try([==[(function() local p = ffi.new("int *[2]") local v = ffi.new("int[1]", 5) p[1] = v return p[0] == nil, p[1][0] end)()]==], function() return (function() local p = ffi.new("int *[2]") local v = ffi.new("int[1]", 5) p[1] = v return p[0] == nil, p[1][0] end)() end)
try([==[ffi.new("const char *", "abc")[0]]==], function() return ffi.new("const char *", "abc")[0] end)
try([==[(function() local p = ffi.new("const char *", "abc") p[0] = 1 end)()]==], function() return (function() local p = ffi.new("const char *", "abc") p[0] = 1 end)() end)
try([==[ffi.cast("void *", 5) + 1]==], function() return ffi.cast("void *", 5) + 1 end)
