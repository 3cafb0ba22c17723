local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({1, -1, 0x87654321, 1.5, 2^40}) do for _, by in ipairs({0, 1, 4, 31, 32, 33, -1, 1.5, 2^33}) do io.write(value, " ", by, ": ") show(bit.rol(value, by)) end end
try([==[bit.rol()]==], function() return bit.rol() end)
try([==[bit.rol(1)]==], function() return bit.rol(1) end)
try([==[bit.rol(1, "x")]==], function() return bit.rol(1, "x") end)
try([==[bit.rol("8", "1")]==], function() return bit.rol("8", "1") end)
try([==[bit.rol(nil, 1)]==], function() return bit.rol(nil, 1) end)
