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
try([==[table.remove()]==], function() return table.remove() end)
try([==[table.remove(5)]==], function() return table.remove(5) end)
try([==[table.remove({}, "x")]==], function() return table.remove({}, "x") end)
try([==[table.remove({1}, {})]==], function() return table.remove({1}, {}) end)
try([==[table.remove(nil)]==], function() return table.remove(nil) end)
