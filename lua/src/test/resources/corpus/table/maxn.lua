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
try([==[table.maxn({})]==], function() return table.maxn({}) end)
try([==[table.maxn({1, 2, [10] = 1, [1.5] = 2})]==], function() return table.maxn({1, 2, [10] = 1, [1.5] = 2}) end)
try([==[table.maxn({[-1] = 2})]==], function() return table.maxn({[-1] = 2}) end)
try([==[table.maxn({[1e300] = 1})]==], function() return table.maxn({[1e300] = 1}) end)
try([==[table.maxn({[0.5] = 1})]==], function() return table.maxn({[0.5] = 1}) end)
try([==[table.maxn({a = 1})]==], function() return table.maxn({a = 1}) end)
try([==[table.maxn()]==], function() return table.maxn() end)
try([==[table.maxn(5)]==], function() return table.maxn(5) end)
