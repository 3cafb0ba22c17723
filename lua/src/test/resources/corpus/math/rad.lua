local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.rad(value)) end
try([==[math.rad()]==], function() return math.rad() end)
try([==[math.rad("2")]==], function() return math.rad("2") end)
try([==[math.rad("x")]==], function() return math.rad("x") end)
try([==[math.rad({})]==], function() return math.rad({}) end)
try([==[math.rad(nil)]==], function() return math.rad(nil) end)
