local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local ffi = require("ffi")
try([==[ffi.C.strlen]==], function() return ffi.C.strlen end)
try([==[ffi.C.printf]==], function() return ffi.C.printf end)
