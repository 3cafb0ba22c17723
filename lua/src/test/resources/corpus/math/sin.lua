local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.sin(value)) end
try([==[math.sin()]==], function() return math.sin() end)
try([==[math.sin("2")]==], function() return math.sin("2") end)
try([==[math.sin("x")]==], function() return math.sin("x") end)
try([==[math.sin({})]==], function() return math.sin({}) end)
try([==[math.sin(nil)]==], function() return math.sin(nil) end)
