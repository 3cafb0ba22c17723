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
try([==[table.concat({})]==], function() return table.concat({}) end)
try([==[table.concat({1, 2, 3})]==], function() return table.concat({1, 2, 3}) end)
try([==[table.concat({1, 2, 3}, ",")]==], function() return table.concat({1, 2, 3}, ",") end)
try([==[table.concat({1, 2, 3}, ",", 2)]==], function() return table.concat({1, 2, 3}, ",", 2) end)
try([==[table.concat({1, 2, 3}, ",", 2, 3)]==], function() return table.concat({1, 2, 3}, ",", 2, 3) end)
try([==[table.concat({1, 2, 3}, ",", 3, 2)]==], function() return table.concat({1, 2, 3}, ",", 3, 2) end)
try([==[table.concat({1, 2, 3}, ",", 2, 2)]==], function() return table.concat({1, 2, 3}, ",", 2, 2) end)
try([==[table.concat({1, {}, 3}, ",")]==], function() return table.concat({1, {}, 3}, ",") end)
try([==[table.concat({1, 2}, ",", 1, 3)]==], function() return table.concat({1, 2}, ",", 1, 3) end)
try([==[table.concat({1, true})]==], function() return table.concat({1, true}) end)
try([==[table.concat({"a", "b"}, 1)]==], function() return table.concat({"a", "b"}, 1) end)
try([==[table.concat({1}, nil, nil, nil)]==], function() return table.concat({1}, nil, nil, nil) end)
try([==[table.concat({1.5, "x"})]==], function() return table.concat({1.5, "x"}) end)
try([==[table.concat({[0] = "z", "a"}, ",", 0)]==], function() return table.concat({[0] = "z", "a"}, ",", 0) end)
try([==[table.concat({}, ",", 5, 5)]==], function() return table.concat({}, ",", 5, 5) end)
try([==[table.concat({1, nil, 3}, ",", 1, 3)]==], function() return table.concat({1, nil, 3}, ",", 1, 3) end)
