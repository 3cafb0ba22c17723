local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.cosh(value)) end
try([==[math.cosh()]==], function() return math.cosh() end)
try([==[math.cosh("2")]==], function() return math.cosh("2") end)
try([==[math.cosh("x")]==], function() return math.cosh("x") end)
try([==[math.cosh({})]==], function() return math.cosh({}) end)
try([==[math.cosh(nil)]==], function() return math.cosh(nil) end)
