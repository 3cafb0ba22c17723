local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
try([==[string.dump(print)]==], function() return string.dump(print) end)
try([==[string.dump()]==], function() return string.dump() end)
try([==[string.dump({})]==], function() return string.dump({}) end)
