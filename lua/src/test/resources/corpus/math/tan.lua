local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.tan(value)) end
try([==[math.tan()]==], function() return math.tan() end)
try([==[math.tan("2")]==], function() return math.tan("2") end)
try([==[math.tan("x")]==], function() return math.tan("x") end)
try([==[math.tan({})]==], function() return math.tan({}) end)
try([==[math.tan(nil)]==], function() return math.tan(nil) end)
