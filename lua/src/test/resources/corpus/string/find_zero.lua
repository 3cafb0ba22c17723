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
try([==[("a\0b"):find("\0.")]==], function() return ("a\0b"):find("\0.") end)
try([==[("a\0b"):find("a\0x.")]==], function() return ("a\0b"):find("a\0x.") end)
try([==[("a\0b"):find("a%z.")]==], function() return ("a\0b"):find("a%z.") end)
try([==[("a\0b"):find("a.\0")]==], function() return ("a\0b"):find("a.\0") end)
try([==[("abc"):find("a-\0")]==], function() return ("abc"):find("a-\0") end)
try([==[("a\0b"):find("\0b", 1, true)]==], function() return ("a\0b"):find("\0b", 1, true) end)
try([==[("a\0b"):find("a%\0")]==], function() return ("a\0b"):find("a%\0") end)
try([==[("a\0b"):find("[^\0]")]==], function() return ("a\0b"):find("[^\0]") end)
try([==[("a\0b"):gsub("%z", "0")]==], function() return ("a\0b"):gsub("%z", "0") end)
try([==[("a\0b"):gsub("\0", "x")]==], function() return ("a\0b"):gsub("\0", "x") end)
