local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local log = {} local t = setmetatable({}, {__newindex = function(_, k) log[#log + 1] = k end, __len = function() return 10 end, __index = function() return "i" end})
table.insert(t, 5) table.insert(t, 1, 6) print(rawget(t, 1), rawget(t, 2), #log, table.remove(t), #log)
