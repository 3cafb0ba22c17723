local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local ffi = require("ffi")
local n = 8 local m = ffi.new("double[?]", n * n) for i = 0, n * n - 1 do m[i] = i % 7 end local r = ffi.new("double[8][8]") for i = 0, n - 1 do for j = 0, n - 1 do local s = 0 for k = 0, n - 1 do s = s + m[i * n + k] * m[k * n + j] end r[i][j] = s end end local t = 0 for i = 0, 7 do t = t + r[i][i] end print(t, r[7][7])
