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
try([==[table.foreachi({5, 6}, function(i, v) return nil end)]==], function() return table.foreachi({5, 6}, function(i, v) return nil end) end)
try([==[table.foreachi({5, 6}, function(i, v) return i + v end)]==], function() return table.foreachi({5, 6}, function(i, v) return i + v end) end)
try([==[table.foreachi({}, print)]==], function() return table.foreachi({}, print) end)
try([==[table.foreachi()]==], function() return table.foreachi() end)
try([==[table.foreachi({}, 5)]==], function() return table.foreachi({}, 5) end)
try([==[table.foreachi({1, 2, 3}, function(i, v) if i == 3 then return v end end)]==], function() return table.foreachi({1, 2, 3}, function(i, v) if i == 3 then return v end end) end)
