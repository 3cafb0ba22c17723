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
try([==[unpack({1, 2, 3})]==], function() return unpack({1, 2, 3}) end)
try([==[unpack({1, 2, 3}, 2)]==], function() return unpack({1, 2, 3}, 2) end)
try([==[unpack({1, 2, 3}, 2, 3)]==], function() return unpack({1, 2, 3}, 2, 3) end)
try([==[unpack({1, 2}, 1, 4)]==], function() return unpack({1, 2}, 1, 4) end)
try([==[unpack({}, 1, 0)]==], function() return unpack({}, 1, 0) end)
try([==[select("#", unpack({}, 1, 3))]==], function() return select("#", unpack({}, 1, 3)) end)
try([==[unpack()]==], function() return unpack() end)
try([==[unpack(5)]==], function() return unpack(5) end)
try([==[unpack({}, 1, 1e8)]==], function() return unpack({}, 1, 1e8) end)
try([==[unpack({1, 2, 3}, -1, 1)]==], function() return unpack({1, 2, 3}, -1, 1) end)
try([==[unpack({1}, "x")]==], function() return unpack({1}, "x") end)
