local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.log(value)) end
try([==[math.log()]==], function() return math.log() end)
try([==[math.log("2")]==], function() return math.log("2") end)
try([==[math.log("x")]==], function() return math.log("x") end)
try([==[math.log({})]==], function() return math.log({}) end)
try([==[math.log(nil)]==], function() return math.log(nil) end)
