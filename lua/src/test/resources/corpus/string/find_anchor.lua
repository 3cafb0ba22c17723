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
try([==[("abc"):find("^a")]==], function() return ("abc"):find("^a") end)
try([==[("abc"):find("^b")]==], function() return ("abc"):find("^b") end)
try([==[("abc"):find("^b", 2)]==], function() return ("abc"):find("^b", 2) end)
try([==[("abc"):find("b$")]==], function() return ("abc"):find("b$") end)
try([==[("abc"):find("c$")]==], function() return ("abc"):find("c$") end)
try([==[("a$c"):find("a$c")]==], function() return ("a$c"):find("a$c") end)
try([==[("a^"):find("a^")]==], function() return ("a^"):find("a^") end)
try([==[(""):find("^$")]==], function() return (""):find("^$") end)
try([==[("a"):find("^")]==], function() return ("a"):find("^") end)
try([==[("a"):find("$")]==], function() return ("a"):find("$") end)
try([==[("^a"):find("^^a")]==], function() return ("^a"):find("^^a") end)
try([==[("a$"):find("a$$")]==], function() return ("a$"):find("a$$") end)
try([==[("abc"):find("^abc$")]==], function() return ("abc"):find("^abc$") end)
try([==[("abc"):find("^a.-$")]==], function() return ("abc"):find("^a.-$") end)
try([==[("a"):find("^*")]==], function() return ("a"):find("^*") end)
try([==[("*"):find("^*")]==], function() return ("*"):find("^*") end)
