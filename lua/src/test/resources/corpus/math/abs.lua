local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.abs(value)) end
try([==[math.abs()]==], function() return math.abs() end)
try([==[math.abs("2")]==], function() return math.abs("2") end)
try([==[math.abs("x")]==], function() return math.abs("x") end)
try([==[math.abs({})]==], function() return math.abs({}) end)
try([==[math.abs(nil)]==], function() return math.abs(nil) end)
