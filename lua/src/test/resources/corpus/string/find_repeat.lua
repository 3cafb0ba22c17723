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
try([==[("aaab"):find("a*")]==], function() return ("aaab"):find("a*") end)
try([==[("aaab"):find("a+")]==], function() return ("aaab"):find("a+") end)
try([==[("aaab"):find("a-b")]==], function() return ("aaab"):find("a-b") end)
try([==[("aaab"):find("a?")]==], function() return ("aaab"):find("a?") end)
try([==[("b"):find("a*")]==], function() return ("b"):find("a*") end)
try([==[("b"):find("a+")]==], function() return ("b"):find("a+") end)
try([==[("aaa"):find("a-")]==], function() return ("aaa"):find("a-") end)
try([==[("abc"):find("a.-c")]==], function() return ("abc"):find("a.-c") end)
try([==[("a+"):find("a++")]==], function() return ("a+"):find("a++") end)
try([==[("a"):find("a**")]==], function() return ("a"):find("a**") end)
try([==[("ab"):find("a?b?c?")]==], function() return ("ab"):find("a?b?c?") end)
try([==[("xaaay"):find("xa*y")]==], function() return ("xaaay"):find("xa*y") end)
try([==[("xy"):find("xa*y")]==], function() return ("xy"):find("xa*y") end)
try([==[("<<a>>"):find("<.->")]==], function() return ("<<a>>"):find("<.->") end)
try([==[("<<a>>"):find("<.*>")]==], function() return ("<<a>>"):find("<.*>") end)
