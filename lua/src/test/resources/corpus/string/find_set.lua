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
try([==[("abc"):find("[b]")]==], function() return ("abc"):find("[b]") end)
try([==[("abc"):find("[^a]")]==], function() return ("abc"):find("[^a]") end)
try([==[("abc"):find("[a-b]+")]==], function() return ("abc"):find("[a-b]+") end)
try([==[("abc"):find("[%a-z]")]==], function() return ("abc"):find("[%a-z]") end)
try([==[("a-c"):find("[a%-]+")]==], function() return ("a-c"):find("[a%-]+") end)
try([==[("abc"):find("[]]")]==], function() return ("abc"):find("[]]") end)
try([==[("a]"):find("[]]")]==], function() return ("a]"):find("[]]") end)
try([==[("a]"):find("[^]]")]==], function() return ("a]"):find("[^]]") end)
try([==[("^"):find("[x^]")]==], function() return ("^"):find("[x^]") end)
try([==[("^"):find("[%^]")]==], function() return ("^"):find("[%^]") end)
try([==[("abc"):find("[z-a]")]==], function() return ("abc"):find("[z-a]") end)
try([==[("-"):find("[a-]")]==], function() return ("-"):find("[a-]") end)
try([==[("%"):find("[%%]")]==], function() return ("%"):find("[%%]") end)
try([==[("\0"):find("[%z]")]==], function() return ("\0"):find("[%z]") end)
try([==[("\200"):find("[\128-\255]+")]==], function() return ("\200"):find("[\128-\255]+") end)
try([==[("a"):find("[%w_]")]==], function() return ("a"):find("[%w_]") end)
try([==[("x"):find("[^%s]")]==], function() return ("x"):find("[^%s]") end)
