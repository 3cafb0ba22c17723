local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.cos(value)) end
try([==[math.cos()]==], function() return math.cos() end)
try([==[math.cos("2")]==], function() return math.cos("2") end)
try([==[math.cos("x")]==], function() return math.cos("x") end)
try([==[math.cos({})]==], function() return math.cos({}) end)
try([==[math.cos(nil)]==], function() return math.cos(nil) end)
