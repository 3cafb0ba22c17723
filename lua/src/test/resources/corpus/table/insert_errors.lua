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
try([==[table.insert()]==], function() return table.insert() end)
try([==[table.insert({})]==], function() return table.insert({}) end)
try([==[table.insert(5, 1)]==], function() return table.insert(5, 1) end)
try([==[table.insert({}, 1, 2, 3)]==], function() return table.insert({}, 1, 2, 3) end)
try([==[table.insert({}, "x", 1)]==], function() return table.insert({}, "x", 1) end)
try([==[table.insert({}, {}, 1)]==], function() return table.insert({}, {}, 1) end)
try([==[table.insert({}, nil, 1)]==], function() return table.insert({}, nil, 1) end)
try([==[table.insert(nil, 1)]==], function() return table.insert(nil, 1) end)
