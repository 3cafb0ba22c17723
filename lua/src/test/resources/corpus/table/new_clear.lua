local function show(...)
  local texts = {}
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    texts[i] = type(value) == "number" and string.format("%.14g", value) or type(value) == "string" and ("%q"):format(value) or tostring(value)
  end
  print(table.concat(texts, " "))
end
local function try(name, f, ...)
  io.write(name, ": ")
  show(pcall(f, ...))
end
local new, clear = require("table.new"), require("table.clear")
local t = new(10, 10) t[1] = "a" t.x = 1 print(#t, t.x) clear(t) print(#t, next(t)) t.y = 2 print(t.y)
print(table.new == new, table.clear == clear)
try([==[new()]==], function() return new() end)
try([==[new(1)]==], function() return new(1) end)
try([==[new("x", 1)]==], function() return new("x", 1) end)
try([==[new(-1, -1)]==], function() return new(-1, -1) end)
try([==[new(1e9, 1)]==], function() return new(1e9, 1) end)
try([==[clear()]==], function() return clear() end)
try([==[clear(5)]==], function() return clear(5) end)
try([==[#new(0, 0)]==], function() return #new(0, 0) end)
