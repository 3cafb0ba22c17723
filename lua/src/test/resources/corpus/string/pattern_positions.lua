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
try([==[("abc"):find("()")]==], function() return ("abc"):find("()") end)
try([==[("abc"):find("b()")]==], function() return ("abc"):find("b()") end)
try([==[("abc"):match("()(b)()")]==], function() return ("abc"):match("()(b)()") end)
try([==[("abc"):gsub("()", "%1")]==], function() return ("abc"):gsub("()", "%1") end)
try([==[("a b c"):gsub("()%s()", function(a, b) return a .. b end)]==], function() return ("a b c"):gsub("()%s()", function(a, b) return a .. b end) end)
try([==[(function() local t = {} for p in ("a.b.c"):gmatch("()%.") do t[#t + 1] = p end return unpack(t) end)()]==], function() return (function() local t = {} for p in ("a.b.c"):gmatch("()%.") do t[#t + 1] = p end return unpack(t) end)() end)
try([==[("hello"):find("l", 4)]==], function() return ("hello"):find("l", 4) end)
try([==[("hello"):find("l", -1)]==], function() return ("hello"):find("l", -1) end)
try([==[("hello"):find("xl*", 2)]==], function() return ("hello"):find("xl*", 2) end)
