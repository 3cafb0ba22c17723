local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.tanh(value)) end
try([==[math.tanh()]==], function() return math.tanh() end)
try([==[math.tanh("2")]==], function() return math.tanh("2") end)
try([==[math.tanh("x")]==], function() return math.tanh("x") end)
try([==[math.tanh({})]==], function() return math.tanh({}) end)
try([==[math.tanh(nil)]==], function() return math.tanh(nil) end)
