local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local ffi = require("ffi")
for _, value in ipairs({0, 1, -1, 1.9, -1.9, 127, 128, 200, 255, 256, 300, 32768, 65535, 65536, 2^31 - 1, 2^31, 2^32 - 1, 2^40, 1e10, 0.1, 2^53, 5LL, -5LL, 300ULL, true, false}) do print(value, tonumber(ffi.new("uint8_t", value)), tonumber(ffi.cast("uint8_t", value))) local box = ffi.new("uint8_t[1]", value) print(tostring(box[0])) box[0] = value print(tostring(box[0])) end
try([==[ffi.new("uint8_t", "x")]==], function() return ffi.new("uint8_t", "x") end)
try([==[ffi.new("uint8_t", nil)]==], function() return ffi.new("uint8_t", nil) end)
try([==[ffi.new("uint8_t", {})]==], function() return ffi.new("uint8_t", {}) end)
try([==[ffi.new("uint8_t", 1, 2)]==], function() return ffi.new("uint8_t", 1, 2) end)
try([==[ffi.new("uint8_t", print)]==], function() return ffi.new("uint8_t", print) end)
try([==[tonumber(ffi.new("uint8_t"))]==], function() return tonumber(ffi.new("uint8_t")) end)
