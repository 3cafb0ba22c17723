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
try([==[("(a(b)c)"):find("%b()")]==], function() return ("(a(b)c)"):find("%b()") end)
try([==[("x(a)(b)"):find("%b()")]==], function() return ("x(a)(b)"):find("%b()") end)
try([==[("((("):find("%b()")]==], function() return ("((("):find("%b()") end)
try([==[("aabb"):find("%bab")]==], function() return ("aabb"):find("%bab") end)
try([==[("a"):find("%b")]==], function() return ("a"):find("%b") end)
try([==[("a"):find("%bx")]==], function() return ("a"):find("%bx") end)
try([==[("||a||"):find("%b||")]==], function() return ("||a||"):find("%b||") end)
try([==[("f(a,(b),c) d"):match("f(%b())")]==], function() return ("f(a,(b),c) d"):match("f(%b())") end)
