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
try([==[string.char()]==], function() return string.char() end)
try([==[string.char(65, 66)]==], function() return string.char(65, 66) end)
try([==[string.char(256)]==], function() return string.char(256) end)
try([==[string.char(-1)]==], function() return string.char(-1) end)
try([==[string.char("65")]==], function() return string.char("65") end)
try([==[string.char("x")]==], function() return string.char("x") end)
try([==[string.char(65.9)]==], function() return string.char(65.9) end)
try([==[string.char(255.5)]==], function() return string.char(255.5) end)
try([==[string.char(65, {})]==], function() return string.char(65, {}) end)
try([==[string.char(0, 1, 2):len()]==], function() return string.char(0, 1, 2):len() end)
try([==[string.char(2^32 + 65)]==], function() return string.char(2^32 + 65) end)
try([==[string.char(nil)]==], function() return string.char(nil) end)
