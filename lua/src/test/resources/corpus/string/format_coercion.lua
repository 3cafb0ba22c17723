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
try([==[("%d"):format("10")]==], function() return ("%d"):format("10") end)
try([==[("%d"):format("0x10")]==], function() return ("%d"):format("0x10") end)
try([==[("%d"):format(" 5 ")]==], function() return ("%d"):format(" 5 ") end)
try([==[("%d"):format("1e3")]==], function() return ("%d"):format("1e3") end)
try([==[("%d"):format("1e400")]==], function() return ("%d"):format("1e400") end)
try([==[("%5.2f"):format("1.5")]==], function() return ("%5.2f"):format("1.5") end)
try([==[("%x"):format("255")]==], function() return ("%x"):format("255") end)
try([==[("%x"):format("-1")]==], function() return ("%x"):format("-1") end)
try([==[("%c"):format("65")]==], function() return ("%c"):format("65") end)
try([==[("%g"):format("inf")]==], function() return ("%g"):format("inf") end)
try([==[("%s"):format("5") + 1]==], function() return ("%s"):format("5") + 1 end)
