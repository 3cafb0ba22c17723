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
try([==[table.concat()]==], function() return table.concat() end)
try([==[table.concat(5)]==], function() return table.concat(5) end)
try([==[table.concat({1}, {})]==], function() return table.concat({1}, {}) end)
try([==[table.concat({1}, ",", "x")]==], function() return table.concat({1}, ",", "x") end)
try([==[table.concat({1}, ",", 1, "x")]==], function() return table.concat({1}, ",", 1, "x") end)
try([==[table.concat({1}, true)]==], function() return table.concat({1}, true) end)
try([==[table.concat({print})]==], function() return table.concat({print}) end)
try([==[table.concat({{}}, "", 1, 1)]==], function() return table.concat({{}}, "", 1, 1) end)
