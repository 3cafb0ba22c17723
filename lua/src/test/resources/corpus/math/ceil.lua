local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.ceil(value)) end
try([==[math.ceil()]==], function() return math.ceil() end)
try([==[math.ceil("2")]==], function() return math.ceil("2") end)
try([==[math.ceil("x")]==], function() return math.ceil("x") end)
try([==[math.ceil({})]==], function() return math.ceil({}) end)
try([==[math.ceil(nil)]==], function() return math.ceil(nil) end)
