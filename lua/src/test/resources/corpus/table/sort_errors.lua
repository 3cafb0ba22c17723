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
try([==[table.sort()]==], function() return table.sort() end)
try([==[table.sort(5)]==], function() return table.sort(5) end)
try([==[table.sort({1}, 5)]==], function() return table.sort({1}, 5) end)
try([==[table.sort({1}, nil)]==], function() return table.sort({1}, nil) end)
try([==[table.sort({1}, {})]==], function() return table.sort({1}, {}) end)
try([==[table.sort({1, "x"})]==], function() return table.sort({1, "x"}) end)
try([==[table.sort({{}, {}})]==], function() return table.sort({{}, {}}) end)
try([==[table.sort({true, false})]==], function() return table.sort({true, false}) end)
try([==[table.sort({3, 2, 1}, function() error("x", 0) end)]==], function() return table.sort({3, 2, 1}, function() error("x", 0) end) end)
try([==[table.sort({1, 2, 3}, {})]==], function() return table.sort({1, 2, 3}, {}) end)
try([==[table.sort({"a", 1, {}})]==], function() return table.sort({"a", 1, {}}) end)
