local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, a in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1/0, -1/0, 0/0}) do for _, b in ipairs({0, 1, -1, 2, -2.5, 3, 10, 1/0, -1/0, 0/0}) do io.write(a, " ", b, ": ") show(math.fmod(a, b)) end end
try([==[math.fmod()]==], function() return math.fmod() end)
try([==[math.fmod(1)]==], function() return math.fmod(1) end)
try([==[math.fmod("5", "2")]==], function() return math.fmod("5", "2") end)
try([==[math.fmod(1, "x")]==], function() return math.fmod(1, "x") end)
try([==[math.fmod({}, 1)]==], function() return math.fmod({}, 1) end)
