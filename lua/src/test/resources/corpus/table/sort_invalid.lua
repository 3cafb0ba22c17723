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
try([==[table.sort({3, 1, 2}, function() return true end)]==], function() return table.sort({3, 1, 2}, function() return true end) end)
try([==[table.sort({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, function() return true end)]==], function() return table.sort({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, function() return true end) end)
try([==[(function() local n = {} for i = 1, 200 do n[i] = i end table.sort(n, function() return true end) end)()]==], function() return (function() local n = {} for i = 1, 200 do n[i] = i end table.sort(n, function() return true end) end)() end)
try([==[(function() local n = {} for i = 1, 50 do n[i] = 1 end table.sort(n, function(a, b) return a <= b end) end)()]==], function() return (function() local n = {} for i = 1, 50 do n[i] = 1 end table.sort(n, function(a, b) return a <= b end) end)() end)
try([==[table.sort({1, 2, 3, 4}, function() return nil end)]==], function() return table.sort({1, 2, 3, 4}, function() return nil end) end)
