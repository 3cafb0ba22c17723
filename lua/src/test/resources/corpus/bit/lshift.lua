local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({1, -1, 0x87654321, 1.5, 2^40}) do for _, by in ipairs({0, 1, 4, 31, 32, 33, -1, 1.5, 2^33}) do io.write(value, " ", by, ": ") show(bit.lshift(value, by)) end end
try([==[bit.lshift()]==], function() return bit.lshift() end)
try([==[bit.lshift(1)]==], function() return bit.lshift(1) end)
try([==[bit.lshift(1, "x")]==], function() return bit.lshift(1, "x") end)
try([==[bit.lshift("8", "1")]==], function() return bit.lshift("8", "1") end)
try([==[bit.lshift(nil, 1)]==], function() return bit.lshift(nil, 1) end)
