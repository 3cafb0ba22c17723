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
try([==[table.getn({1, 2})]==], function() return table.getn({1, 2}) end)
try([==[table.getn({})]==], function() return table.getn({}) end)
try([==[table.getn()]==], function() return table.getn() end)
try([==[table.getn(5)]==], function() return table.getn(5) end)
try([==[table.getn("abc")]==], function() return table.getn("abc") end)
