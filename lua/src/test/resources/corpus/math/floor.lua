local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.floor(value)) end
try([==[math.floor()]==], function() return math.floor() end)
try([==[math.floor("2")]==], function() return math.floor("2") end)
try([==[math.floor("x")]==], function() return math.floor("x") end)
try([==[math.floor({})]==], function() return math.floor({}) end)
try([==[math.floor(nil)]==], function() return math.floor(nil) end)
