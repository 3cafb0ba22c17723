local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.acos(value)) end
try([==[math.acos()]==], function() return math.acos() end)
try([==[math.acos("2")]==], function() return math.acos("2") end)
try([==[math.acos("x")]==], function() return math.acos("x") end)
try([==[math.acos({})]==], function() return math.acos({}) end)
try([==[math.acos(nil)]==], function() return math.acos(nil) end)
