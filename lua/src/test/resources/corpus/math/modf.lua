local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.modf(value)) end
try([==[math.modf()]==], function() return math.modf() end)
try([==[math.modf("2")]==], function() return math.modf("2") end)
try([==[math.modf("x")]==], function() return math.modf("x") end)
try([==[math.modf({})]==], function() return math.modf({}) end)
try([==[math.modf(nil)]==], function() return math.modf(nil) end)
