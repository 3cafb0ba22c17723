local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local ffi = require("ffi")
ffi.cdef[[ enum { X1 = 1 + 2 * 3, X2 = (1 + 2) * 3, X3 = 7 / 2, X4 = -7 / 2, X5 = 7 % 3, X6 = 1 << 10, X7 = ~0, X8 = !5, X9 = 5 > 3 ? 10 : 20, X10 = 3 == 3, X11 = 'A', X12 = '\n', X13 = sizeof(int) * 2, X14 = 0x10 | 0x01, X15 = 010, X16 = X1 + 1, X17 = 1 && 0, X18 = 1 || 0, X19 = 6 ^ 3, X20 = 6 & 3, X21 = -1 >> 1, X22 = (unsigned char)300, X23 = '\x41', X24 = 5 != 5, X25 = 3 <= 2 };
struct S { char a[sizeof(int) + 2]; char b[X2]; }; ]]
for i = 1, 25 do print(i, ffi.C["X" .. i]) end print(ffi.sizeof("struct S"))
