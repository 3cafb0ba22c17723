local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local ffi = require("ffi")
ffi.cdef("typedef struct { uint8_t r, g, b, a; } pixel_t;") local img = ffi.new("pixel_t[?]", 100) for i = 0, 99 do local p = img[i] p.r, p.g, p.b, p.a = i, i * 2, i * 3, 255 end local sum = 0 for i = 0, 99 do sum = sum + img[i].r + img[i].g + img[i].b end print(sum, ffi.sizeof("pixel_t"), ffi.cast("uint32_t *", img)[10], #ffi.string(img, 400))
