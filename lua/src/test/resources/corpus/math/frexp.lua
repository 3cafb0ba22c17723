local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.frexp(value)) end
try([==[math.frexp()]==], function() return math.frexp() end)
try([==[math.frexp("2")]==], function() return math.frexp("2") end)
try([==[math.frexp("x")]==], function() return math.frexp("x") end)
try([==[math.frexp({})]==], function() return math.frexp({}) end)
try([==[math.frexp(nil)]==], function() return math.frexp(nil) end)
