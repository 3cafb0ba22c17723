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
try([==[("abc"):len()]==], function() return ("abc"):len() end)
try([==[string.len("a\0b")]==], function() return string.len("a\0b") end)
try([==[string.len(12)]==], function() return string.len(12) end)
try([==[string.len({})]==], function() return string.len({}) end)
try([==[#"abc"]==], function() return #"abc" end)
try([==[#""]==], function() return #"" end)
try([==[string.len("")]==], function() return string.len("") end)
