local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local log = {} local s = setmetatable({}, {__index = function(_, k) return k * 10 end}) local d = setmetatable({}, {__newindex = function(t, k, v) log[#log + 1] = k .. "=" .. v end})
table.move(s, 1, 3, 5, d) print(table.concat(log, " ")) print(next(d))
