local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local ffi = require("ffi")
print(0x10LL, 0xffffffffffffffffULL, 0b11LL, 1LL, 1ULL, -1LL, 9223372036854775808LL) for _, text in ipairs({"18446744073709551616ULL", "1.5LL", "1e2LL", "1L", "1U", "1LLx", "0x1ffffffffffffffffLL", "3x"}) do print(text, select(2, loadstring("return " .. text))) end
