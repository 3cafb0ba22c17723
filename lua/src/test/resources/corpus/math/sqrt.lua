local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.sqrt(value)) end
try([==[math.sqrt()]==], function() return math.sqrt() end)
try([==[math.sqrt("2")]==], function() return math.sqrt("2") end)
try([==[math.sqrt("x")]==], function() return math.sqrt("x") end)
try([==[math.sqrt({})]==], function() return math.sqrt({}) end)
try([==[math.sqrt(nil)]==], function() return math.sqrt(nil) end)
