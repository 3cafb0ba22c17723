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
try([==[("aaa"):gsub("a", "b", 2)]==], function() return ("aaa"):gsub("a", "b", 2) end)
try([==[("aaa"):gsub("a", "b", 0)]==], function() return ("aaa"):gsub("a", "b", 0) end)
try([==[("aaa"):gsub("a", "b", -1)]==], function() return ("aaa"):gsub("a", "b", -1) end)
try([==[("aaa"):gsub("a", "b", 1.9)]==], function() return ("aaa"):gsub("a", "b", 1.9) end)
try([==[("aaa"):gsub("a", "b", "2")]==], function() return ("aaa"):gsub("a", "b", "2") end)
try([==[("aaa"):gsub("a", "b", nil)]==], function() return ("aaa"):gsub("a", "b", nil) end)
try([==[("aaa"):gsub("a", "b", {})]==], function() return ("aaa"):gsub("a", "b", {}) end)
try([==[("aaa"):gsub("a", "b", 100)]==], function() return ("aaa"):gsub("a", "b", 100) end)
