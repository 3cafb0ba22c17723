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
try([==[("%p"):format(nil)]==], function() return ("%p"):format(nil) end)
try([==[("%p"):format(1)]==], function() return ("%p"):format(1) end)
try([==[("%p"):format(true)]==], function() return ("%p"):format(true) end)
try([==[("%10p|"):format(nil)]==], function() return ("%10p|"):format(nil) end)
try([==[("%p"):format()]==], function() return ("%p"):format() end)
try([==[(("%p"):format({})):match("^0x%x+$") ~= nil]==], function() return (("%p"):format({})):match("^0x%x+$") ~= nil end)
try([==[(("%p"):format(print)):match("^0x%x+$") ~= nil]==], function() return (("%p"):format(print)):match("^0x%x+$") ~= nil end)
try([==[(("%p"):format("x")):match("^0x%x+$") ~= nil]==], function() return (("%p"):format("x")):match("^0x%x+$") ~= nil end)
