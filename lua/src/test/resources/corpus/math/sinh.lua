local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.sinh(value)) end
try([==[math.sinh()]==], function() return math.sinh() end)
try([==[math.sinh("2")]==], function() return math.sinh("2") end)
try([==[math.sinh("x")]==], function() return math.sinh("x") end)
try([==[math.sinh({})]==], function() return math.sinh({}) end)
try([==[math.sinh(nil)]==], function() return math.sinh(nil) end)
