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
try([==[string.dump(print)]==], function() return string.dump(print) end)
try([==[string.dump()]==], function() return string.dump() end)
try([==[string.dump({})]==], function() return string.dump({}) end)
