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
ffi.cdef("struct point { int x, y; };") ffi.metatype("struct point", {__index = function(p, k) return k .. "?" end}) local p = ffi.new("struct point", 1, 2) print(p.x, p.z, p.length) print(pcall(function() p.q = 1 end)) print(pcall(function() return p + 1 end)) print(pcall(function() return p() end))
ffi.metatype("union U", {__call = function(self, i) self.i = i return self end, __tostring = function(u) return "U" .. u.i end}) print(ffi.new("union U")(7)) print(tostring(ffi.typeof("union U")(8)))
