local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.deg(value)) end
try([==[math.deg()]==], function() return math.deg() end)
try([==[math.deg("2")]==], function() return math.deg("2") end)
try([==[math.deg("x")]==], function() return math.deg("x") end)
try([==[math.deg({})]==], function() return math.deg({}) end)
try([==[math.deg(nil)]==], function() return math.deg(nil) end)
