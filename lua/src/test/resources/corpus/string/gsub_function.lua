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
try([==[("abc"):gsub(".", string.upper)]==], function() return ("abc"):gsub(".", string.upper) end)
try([==[("abc"):gsub(".", function() end)]==], function() return ("abc"):gsub(".", function() end) end)
try([==[("abc"):gsub(".", function() return false end)]==], function() return ("abc"):gsub(".", function() return false end) end)
try([==[("abc"):gsub(".", function() return {} end)]==], function() return ("abc"):gsub(".", function() return {} end) end)
try([==[("abc"):gsub(".", function() return 1 end)]==], function() return ("abc"):gsub(".", function() return 1 end) end)
try([==[("abc"):gsub("(.)(.)", function(a, b) return b .. a end)]==], function() return ("abc"):gsub("(.)(.)", function(a, b) return b .. a end) end)
try([==[("abc"):gsub(".", function() error("boo", 0) end)]==], function() return ("abc"):gsub(".", function() error("boo", 0) end) end)
try([==[("abc"):gsub(".", function() error({code = 1}) end)]==], function() return ("abc"):gsub(".", function() error({code = 1}) end) end)
try([==[("x"):gsub("(x)()", function(...) return select("#", ...) end)]==], function() return ("x"):gsub("(x)()", function(...) return select("#", ...) end) end)
try([==[("abc"):gsub("b", function(x) return x, "y" end)]==], function() return ("abc"):gsub("b", function(x) return x, "y" end) end)
