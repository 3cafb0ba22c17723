local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local ffi = require("ffi")
ffi.cdef[[
struct L1 { char a; short b; char c; int d; char e; double f; char g; };
struct L2 { char a[3]; int b; char c[5]; };
struct L3 { struct L1 x; char y; struct L2 z[2]; };
union L4 { struct L1 a; char b[33]; };
struct L5 { int a : 1, b : 2, c : 30; char d : 4; unsigned e : 5; int f : 1; };
struct L6 { char a; struct { char b; int c; }; char d; };
struct L7 { short a : 7; int b : 10; short c; };
struct L8 { char a; long double b; };
]]
for i = 1, 8 do local t = (i == 4 and "union L" or "struct L") .. i print(t, ffi.sizeof(t), ffi.alignof(t)) for letter in ("abcdefgxyz"):gmatch(".") do local o = {ffi.offsetof(t, letter)} if o[1] then io.write(letter, "=", table.concat(o, ":"), " ") end end print() end
