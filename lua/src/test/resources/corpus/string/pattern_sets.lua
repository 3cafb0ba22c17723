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
try([==[("a-b"):find("[a-]", 2)]==], function() return ("a-b"):find("[a-]", 2) end)
try([==[("]"):find("[]-a]")]==], function() return ("]"):find("[]-a]") end)
try([==[("b"):find("[a-c]")]==], function() return ("b"):find("[a-c]") end)
try([==[("-"):find("[+--]")]==], function() return ("-"):find("[+--]") end)
try([==[("^"):find("[%^a]")]==], function() return ("^"):find("[%^a]") end)
try([==[("a"):find("[^%a]")]==], function() return ("a"):find("[^%a]") end)
try([==[("5"):find("[%d%s]")]==], function() return ("5"):find("[%d%s]") end)
try([==[(" "):find("[%d%s]")]==], function() return (" "):find("[%d%s]") end)
try([==[("x"):find("[%d%s]")]==], function() return ("x"):find("[%d%s]") end)
try([==[("\\"):find("[\\]")]==], function() return ("\\"):find("[\\]") end)
try([==[("]"):find("[^]]")]==], function() return ("]"):find("[^]]") end)
try([==[("a]"):find("[]a]+")]==], function() return ("a]"):find("[]a]+") end)
try([==[("%"):find("[%%%a]")]==], function() return ("%"):find("[%%%a]") end)
try([==[("."):find("[.]")]==], function() return ("."):find("[.]") end)
try([==[("é"):find("[\195]")]==], function() return ("é"):find("[\195]") end)
