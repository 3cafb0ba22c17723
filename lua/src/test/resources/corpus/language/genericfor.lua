for k, v in pairs({10, 20, 30}) do io.write(k, "=", v, " ") end print()
for i, v in ipairs({1, 2, nil, 4}) do io.write(i, " ") end print()
local function iter(s, c) if c < s then return c + 1, c * c end end
for a, b in iter, 3, 0 do io.write(a, ":", b, " ") end print()
for k in next, {x = 1} do print(k) end
for a, b, c in (function() local n = 0 return function() n = n + 1 if n < 3 then return n, n * 2, n * 3 end end end)() do print(a, b, c) end
local t = setmetatable({}, {__call = function(self, s, c) c = (c or 0) + 1 if c < 4 then return c end end}) for i in t do io.write(i, " ") end print()
local fs = {} for i, v in ipairs({"a", "b"}) do fs[i] = function() return i, v end end print(fs[1]()) print(fs[2]())
for k, v in pairs({a = 1}) do k = "changed" v = 2 print(k, v) end
