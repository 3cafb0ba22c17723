local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local ffi = require("ffi")
local k = 1LL local t = {[k] = 5, [1] = "one"} print(t[1LL], t[k], t[1], t[1ULL]) local n = 0 for _ in pairs(t) do n = n + 1 end print(n) print(({10, 20})[2LL])
