local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, 1, -1, 2^31, 2^32, 2^32 + 5, -2^31, 1.5, 2.5, -1.5, -0.5, 1e15, 2^53, 1e300, 1/0, 0/0, 0x12345678, 0x87654321}) do io.write(value, ": ") show(bit.bswap(value)) end
try([==[bit.bswap()]==], function() return bit.bswap() end)
try([==[bit.bswap("x")]==], function() return bit.bswap("x") end)
try([==[bit.bswap("0x10")]==], function() return bit.bswap("0x10") end)
try([==[bit.bswap({})]==], function() return bit.bswap({}) end)
try([==[bit.bswap(true)]==], function() return bit.bswap(true) end)
try([==[bit.bswap(nil)]==], function() return bit.bswap(nil) end)
