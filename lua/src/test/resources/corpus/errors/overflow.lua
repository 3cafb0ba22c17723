local function f(x) return 1 + f(x) end
local ok, e = pcall(f) print(ok, (e:gsub("^.-:%d+: ", "")))
local n = 0 local function g() n = n + 1 g() end ok, e = pcall(g) print(ok, n > 5000, e:match("stack overflow") ~= nil)
print(pcall(function() return "still alive" end))
