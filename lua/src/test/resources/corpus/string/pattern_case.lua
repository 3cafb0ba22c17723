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
try([==[("Hello World"):gsub("%u", "%0%0")]==], function() return ("Hello World"):gsub("%u", "%0%0") end)
try([==[("hello world"):gsub("(%a)([%w]*)", function(a, b) return a:upper() .. b end)]==], function() return ("hello world"):gsub("(%a)([%w]*)", function(a, b) return a:upper() .. b end) end)
try([==[("camelCaseName"):gsub("%u", function(c) return "_" .. c:lower() end)]==], function() return ("camelCaseName"):gsub("%u", function(c) return "_" .. c:lower() end) end)
try([==[("snake_case_name"):gsub("_(%l)", string.upper)]==], function() return ("snake_case_name"):gsub("_(%l)", string.upper) end)
try([==[("ABC"):lower():upper()]==], function() return ("ABC"):lower():upper() end)
try([==[("MiXeD"):gsub("%a", function(c) return c:upper() == c and c:lower() or c:upper() end)]==], function() return ("MiXeD"):gsub("%a", function(c) return c:upper() == c and c:lower() or c:upper() end) end)
