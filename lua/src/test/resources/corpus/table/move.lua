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
try([==[table.concat(table.move({1, 2, 3}, 1, 3, 2), ",")]==], function() return table.concat(table.move({1, 2, 3}, 1, 3, 2), ",") end)
try([==[table.concat(table.move({1, 2, 3}, 2, 3, 1), ",")]==], function() return table.concat(table.move({1, 2, 3}, 2, 3, 1), ",") end)
try([==[table.concat(table.move({1, 2, 3}, 1, 3, 1, {}), ",")]==], function() return table.concat(table.move({1, 2, 3}, 1, 3, 1, {}), ",") end)
try([==[table.concat(table.move({1, 2, 3}, 1, 3, 3, {9, 9}), ",")]==], function() return table.concat(table.move({1, 2, 3}, 1, 3, 3, {9, 9}), ",") end)
try([==[table.concat(table.move({1, 2, 3, 4, 5}, 2, 4, 3), ",")]==], function() return table.concat(table.move({1, 2, 3, 4, 5}, 2, 4, 3), ",") end)
try([==[table.concat(table.move({1, 2, 3, 4, 5}, 3, 5, 1), ",")]==], function() return table.concat(table.move({1, 2, 3, 4, 5}, 3, 5, 1), ",") end)
try([==[#table.move({1}, 1, 0, 1)]==], function() return #table.move({1}, 1, 0, 1) end)
try([==[#table.move({1, 2, 3}, -2, 0, 1, {})]==], function() return #table.move({1, 2, 3}, -2, 0, 1, {}) end)
try([==[table.move({}, 1, 2)]==], function() return table.move({}, 1, 2) end)
try([==[table.move({}, 1, 2, 3, 4)]==], function() return table.move({}, 1, 2, 3, 4) end)
try([==[table.move({}, "x", 2, 3)]==], function() return table.move({}, "x", 2, 3) end)
try([==[table.move()]==], function() return table.move() end)
try([==[table.move(5, 1, 2, 3)]==], function() return table.move(5, 1, 2, 3) end)
try([==[table.move({}, nil, 1, 1)]==], function() return table.move({}, nil, 1, 1) end)
