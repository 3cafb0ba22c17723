local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, 1, -1, 2^31, 2^32, 2^32 + 5, -2^31, 1.5, 2.5, -1.5, -0.5, 1e15, 2^53, 1e300, 1/0, 0/0, 0x12345678, 0x87654321}) do io.write(value, ": ") show(bit.bnot(value)) end
try([==[bit.bnot()]==], function() return bit.bnot() end)
try([==[bit.bnot("x")]==], function() return bit.bnot("x") end)
try([==[bit.bnot("0x10")]==], function() return bit.bnot("0x10") end)
try([==[bit.bnot({})]==], function() return bit.bnot({}) end)
try([==[bit.bnot(true)]==], function() return bit.bnot(true) end)
try([==[bit.bnot(nil)]==], function() return bit.bnot(nil) end)
