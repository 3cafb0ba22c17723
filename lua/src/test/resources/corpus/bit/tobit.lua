local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, 1, -1, 2^31, 2^32, 2^32 + 5, -2^31, 1.5, 2.5, -1.5, -0.5, 1e15, 2^53, 1e300, 1/0, 0/0, 0x12345678, 0x87654321}) do io.write(value, ": ") show(bit.tobit(value)) end
try([==[bit.tobit()]==], function() return bit.tobit() end)
try([==[bit.tobit("x")]==], function() return bit.tobit("x") end)
try([==[bit.tobit("0x10")]==], function() return bit.tobit("0x10") end)
try([==[bit.tobit({})]==], function() return bit.tobit({}) end)
try([==[bit.tobit(true)]==], function() return bit.tobit(true) end)
try([==[bit.tobit(nil)]==], function() return bit.tobit(nil) end)
