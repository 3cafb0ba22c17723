-- Types that scripts share.
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
return ffi
