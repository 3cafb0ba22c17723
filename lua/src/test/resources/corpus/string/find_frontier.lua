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
try([==[("THE (quick) fox"):find("%f[%a]%a+%f[%A]")]==], function() return ("THE (quick) fox"):find("%f[%a]%a+%f[%A]") end)
try([==[("ab"):find("%f[b]b")]==], function() return ("ab"):find("%f[b]b") end)
try([==[("ab"):find("%f[^a]")]==], function() return ("ab"):find("%f[^a]") end)
try([==[("a"):find("a%f[%z]")]==], function() return ("a"):find("a%f[%z]") end)
try([==[("a"):find("%f")]==], function() return ("a"):find("%f") end)
try([==[("a"):find("%fa")]==], function() return ("a"):find("%fa") end)
try([==[("a"):find("%f[a")]==], function() return ("a"):find("%f[a") end)
try([==[("a b"):gsub("%f[%w]%w", string.upper)]==], function() return ("a b"):gsub("%f[%w]%w", string.upper) end)
try([==[("hello world"):gsub("%f[%a]", "<")]==], function() return ("hello world"):gsub("%f[%a]", "<") end)
