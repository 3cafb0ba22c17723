print(pcall(error)) print(pcall(error, nil)) print(pcall(error, "m")) print(pcall(error, "m", 0)) print(pcall(error, 42)) print(type(select(2, pcall(error, {})))) print(pcall(error, true))
local function a() error("lvl1") end local function b() error("lvl2", 2) end local function c() error("lvl0", 0) end local function d() error("lvl3", 3) end local function e() d() end
print(pcall(a)) print(pcall(b)) print(pcall(c)) print(pcall(e)) print(pcall(function() b() end)) print(pcall(function() e() end)) print(pcall(function() error(5) end)) print(pcall(function() error("x", 50) end))
print(pcall(function() local ok, m = pcall(error, "inner") error(m .. "+outer", 0) end)) print(select("#", pcall(error)))
local t = setmetatable({}, {__tostring = function() return "T" end}) print(select(2, pcall(error, t)) == t)
print(pcall(function() assert(false) end)) print(pcall(function() assert(nil, "msg") end)) print(pcall(function() assert(false, 5) end)) print(assert(1, 2, 3)) print(pcall(assert)) print(pcall(assert, false, nil))
