local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.asin(value)) end
try([==[math.asin()]==], function() return math.asin() end)
try([==[math.asin("2")]==], function() return math.asin("2") end)
try([==[math.asin("x")]==], function() return math.asin("x") end)
try([==[math.asin({})]==], function() return math.asin({}) end)
try([==[math.asin(nil)]==], function() return math.asin(nil) end)
