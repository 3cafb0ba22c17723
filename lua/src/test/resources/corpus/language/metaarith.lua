local mt = {} local names = {"add", "sub", "mul", "div", "mod", "pow", "concat"} for _, n in ipairs(names) do mt["__" .. n] = function(a, b) return n .. ":" .. (type(a) == "table" and "T" or tostring(a)) .. ":" .. (type(b) == "table" and "T" or tostring(b)) end end mt.__unm = function(a, b) return "unm", rawequal(a, b) end
local x = setmetatable({}, mt)
print(x + 1, 1 + x, x + x, x - 1, 2 * x, x / 3, x % 4, 5 ^ x) print(x .. "s", "s" .. x, x .. x, 1 .. x, x .. 1) print(-x) print("a" .. "b" .. x, x .. "a" .. "b")
local y = setmetatable({}, {__add = function() return "y" end}) print(x + y, y + x) print(pcall(function() return y - 1 end)) print("10" + x)
local z = setmetatable({}, {__add = function() return 1, 2, 3 end}) print(z + 1, (z + 1))
