print(tostring(setmetatable({}, {__tostring = function() return "custom" end}))) print(setmetatable({}, {__tostring = function() return "printed" end}))
print(getmetatable(setmetatable({}, {__metatable = "locked"}))) print(pcall(setmetatable, setmetatable({}, {__metatable = 1}), {}))
print(#setmetatable({1, 2}, {__len = function() return 42 end})) local p = newproxy(true) getmetatable(p).__len = function() return 7 end getmetatable(p).__tostring = function() return "proxy" end getmetatable(p).__index = function(_, k) return k end print(#p, tostring(p), p.x, type(p))
for k in pairs(setmetatable({a = 1}, {__pairs = function() return function() end end})) do print(k) end
print(rawget(setmetatable({}, {__index = function() return 1 end}), "x"), getmetatable({}), getmetatable(1), getmetatable(nil))
local t = setmetatable({}, {}) print(getmetatable(t) ~= nil, setmetatable(t, nil) == t, getmetatable(t))
local q = newproxy(p) print(getmetatable(q) == getmetatable(p), tostring(q)) print(type(newproxy()), getmetatable(newproxy()))
