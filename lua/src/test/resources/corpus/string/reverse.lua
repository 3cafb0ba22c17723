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
try([==[("abc"):reverse()]==], function() return ("abc"):reverse() end)
try([==[(""):reverse()]==], function() return (""):reverse() end)
try([==[("a\0b"):reverse()]==], function() return ("a\0b"):reverse() end)
try([==[string.reverse(123)]==], function() return string.reverse(123) end)
try([==[string.reverse()]==], function() return string.reverse() end)
try([==[string.reverse({})]==], function() return string.reverse({}) end)
