local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.exp(value)) end
try([==[math.exp()]==], function() return math.exp() end)
try([==[math.exp("2")]==], function() return math.exp("2") end)
try([==[math.exp("x")]==], function() return math.exp("x") end)
try([==[math.exp({})]==], function() return math.exp({}) end)
try([==[math.exp(nil)]==], function() return math.exp(nil) end)
