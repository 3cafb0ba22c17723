local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({1, -1, 0x87654321, 1.5, 2^40}) do for _, by in ipairs({0, 1, 4, 31, 32, 33, -1, 1.5, 2^33}) do io.write(value, " ", by, ": ") show(bit.arshift(value, by)) end end
try([==[bit.arshift()]==], function() return bit.arshift() end)
try([==[bit.arshift(1)]==], function() return bit.arshift(1) end)
try([==[bit.arshift(1, "x")]==], function() return bit.arshift(1, "x") end)
try([==[bit.arshift("8", "1")]==], function() return bit.arshift("8", "1") end)
try([==[bit.arshift(nil, 1)]==], function() return bit.arshift(nil, 1) end)
