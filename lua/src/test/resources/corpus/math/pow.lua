local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, a in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1/0, -1/0, 0/0}) do for _, b in ipairs({0, 1, -1, 2, -2.5, 3, 10, 1/0, -1/0, 0/0}) do io.write(a, " ", b, ": ") show(math.pow(a, b)) end end
try([==[math.pow()]==], function() return math.pow() end)
try([==[math.pow(1)]==], function() return math.pow(1) end)
try([==[math.pow("5", "2")]==], function() return math.pow("5", "2") end)
try([==[math.pow(1, "x")]==], function() return math.pow(1, "x") end)
try([==[math.pow({}, 1)]==], function() return math.pow({}, 1) end)
