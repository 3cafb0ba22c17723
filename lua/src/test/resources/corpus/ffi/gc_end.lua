local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local ffi = require("ffi")
local a = ffi.gc(ffi.new("int[1]", 7), function(p) print("finalized", p[0]) end) local b = ffi.gc(ffi.new("int[1]", 8), function(p) print("never", p[0]) end) ffi.gc(b, nil) print("end of the script", a[0], b[0])
