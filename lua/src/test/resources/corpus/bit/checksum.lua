local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local function crc(text) local c = 0xffffffff for i = 1, #text do c = bit.bxor(c, text:byte(i)) for _ = 1, 8 do c = bit.bxor(bit.rshift(c, 1), bit.band(0xedb88320, -bit.band(c, 1))) end end return bit.tohex(bit.bnot(c)) end print(crc("123456789"), crc(""), crc(("x"):rep(100)))
local function adler(text) local a, b = 1, 0 for i = 1, #text do a = (a + text:byte(i)) % 65521 b = (b + a) % 65521 end return bit.tohex(bit.bor(bit.lshift(b, 16), a)) end print(adler("Wikipedia"))
