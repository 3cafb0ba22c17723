local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({1, -1, 0x87654321, 1.5, 2^40}) do for _, by in ipairs({0, 1, 4, 31, 32, 33, -1, 1.5, 2^33}) do io.write(value, " ", by, ": ") show(bit.ror(value, by)) end end
try([==[bit.ror()]==], function() return bit.ror() end)
try([==[bit.ror(1)]==], function() return bit.ror(1) end)
try([==[bit.ror(1, "x")]==], function() return bit.ror(1, "x") end)
try([==[bit.ror("8", "1")]==], function() return bit.ror("8", "1") end)
try([==[bit.ror(nil, 1)]==], function() return bit.ror(nil, 1) end)
