local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.atan(value)) end
try([==[math.atan()]==], function() return math.atan() end)
try([==[math.atan("2")]==], function() return math.atan("2") end)
try([==[math.atan("x")]==], function() return math.atan("x") end)
try([==[math.atan({})]==], function() return math.atan({}) end)
try([==[math.atan(nil)]==], function() return math.atan(nil) end)
