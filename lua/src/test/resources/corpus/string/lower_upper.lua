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
try([==[("AbC\200Z["):lower()]==], function() return ("AbC\200Z["):lower() end)
try([==[("abC\228z{"):upper()]==], function() return ("abC\228z{"):upper() end)
try([==[string.lower(12)]==], function() return string.lower(12) end)
try([==[string.upper(1.5)]==], function() return string.upper(1.5) end)
try([==[string.lower()]==], function() return string.lower() end)
try([==[string.upper({})]==], function() return string.upper({}) end)
try([==[string.lower("")]==], function() return string.lower("") end)
