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
try([==[table.concat(setmetatable({}, {__index = function(_, i) return i end}), ",", 1, 3)]==], function() return table.concat(setmetatable({}, {__index = function(_, i) return i end}), ",", 1, 3) end)
try([==[table.concat(setmetatable({1, 2}, {__concat = function() return "x" end}))]==], function() return table.concat(setmetatable({1, 2}, {__concat = function() return "x" end})) end)
try([==[table.concat({setmetatable({}, {__tostring = function() return "x" end})})]==], function() return table.concat({setmetatable({}, {__tostring = function() return "x" end})}) end)
