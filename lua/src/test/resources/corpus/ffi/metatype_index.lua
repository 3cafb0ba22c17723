local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local ffi = dofile(arg[0]:match("^.*/") .. "_types.lua")
ffi.cdef("struct point { int x, y; };") ffi.metatype("struct point", {__index = function(p, k) return k .. "?" end}) local p = ffi.new("struct point", 1, 2) print(p.x, p.z, p.length) print(pcall(function() p.q = 1 end)) print(pcall(function() return p + 1 end)) print(pcall(function() return p() end))
ffi.metatype("union U", {__call = function(self, i) self.i = i return self end, __tostring = function(u) return "U" .. u.i end}) print(ffi.new("union U")(7)) print(tostring(ffi.typeof("union U")(8)))
