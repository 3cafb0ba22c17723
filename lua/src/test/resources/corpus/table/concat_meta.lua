local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
try([==[table.concat(setmetatable({}, {__index = function(_, i) return i end}), ",", 1, 3)]==], function() return table.concat(setmetatable({}, {__index = function(_, i) return i end}), ",", 1, 3) end)
try([==[table.concat(setmetatable({1, 2}, {__concat = function() return "x" end}))]==], function() return table.concat(setmetatable({1, 2}, {__concat = function() return "x" end})) end)
try([==[table.concat({setmetatable({}, {__tostring = function() return "x" end})})]==], function() return table.concat({setmetatable({}, {__tostring = function() return "x" end})}) end)
