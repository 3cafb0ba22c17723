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
try([==[("a"):gsub("a")]==], function() return ("a"):gsub("a") end)
try([==[("a"):gsub("a", nil)]==], function() return ("a"):gsub("a", nil) end)
try([==[("a"):gsub("a", true)]==], function() return ("a"):gsub("a", true) end)
try([==[string.gsub()]==], function() return string.gsub() end)
try([==[string.gsub("a")]==], function() return string.gsub("a") end)
try([==[string.gsub({}, "a", "b")]==], function() return string.gsub({}, "a", "b") end)
try([==[("a"):gsub("(", "b")]==], function() return ("a"):gsub("(", "b") end)
try([==[("a"):gsub("[", "b")]==], function() return ("a"):gsub("[", "b") end)
try([==[("a"):gsub("%", "b")]==], function() return ("a"):gsub("%", "b") end)
try([==[string.gsub(12321, 2, 3)]==], function() return string.gsub(12321, 2, 3) end)
