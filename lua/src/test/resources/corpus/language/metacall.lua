local t = setmetatable({}, {__call = function(self, ...) return select("#", ...), ... end}) print(t()) print(t(1, 2)) print(pcall(t, 5)) print(t "s")
local o = {f = t} print(o.f(1)) print(o:f(1)) print(select("#", t(nil, nil)))
local chain = setmetatable({}, {__call = t}) print(pcall(function() return chain(1) end))
print(pcall(setmetatable({}, {__call = 5}))) for i, v in setmetatable({}, {__call = function(_, s, c) c = (c or 0) + 1 if c < 3 then return c, s end end}), "st" do print(i, v) end
print(string.gsub("abc", "b", setmetatable({}, {__index = function(_, k) return k:upper() end}))) print(pcall(string.gsub, "abc", "b", setmetatable({}, {__call = function() return "x" end})))
table.sort({3, 1, 2}, function(a, b) return a < b end)
