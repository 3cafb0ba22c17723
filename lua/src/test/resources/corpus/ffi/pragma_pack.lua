local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local ffi = require("ffi")
ffi.cdef[[
#pragma pack(1)
struct PP { char a; int b; double c; };
#pragma pack()
struct PQ { char a; int b; double c; };
#pragma pack(2)
struct PR { char a; int b; double c; };
#pragma pack()
]]
print(ffi.sizeof("struct PP"), ffi.sizeof("struct PQ"), ffi.sizeof("struct PR"))
