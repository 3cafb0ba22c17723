local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, 1, -1, 2^31, 2^32, 2^32 + 5, -2^31, 1.5, 2.5, -1.5, -0.5, 1e15, 2^53, 1e300, 1/0, 0/0, 0x12345678, 0x87654321}) do io.write(value, ": ") show(bit.tohex(value)) end
try([==[bit.tohex()]==], function() return bit.tohex() end)
try([==[bit.tohex("x")]==], function() return bit.tohex("x") end)
try([==[bit.tohex("0x10")]==], function() return bit.tohex("0x10") end)
try([==[bit.tohex({})]==], function() return bit.tohex({}) end)
try([==[bit.tohex(true)]==], function() return bit.tohex(true) end)
try([==[bit.tohex(nil)]==], function() return bit.tohex(nil) end)
