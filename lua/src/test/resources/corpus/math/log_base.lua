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
try([==[math.log(8, 2)]==], function() return math.log(8, 2) end)
try([==[math.log(100, 10)]==], function() return math.log(100, 10) end)
try([==[math.log(1000, 10)]==], function() return math.log(1000, 10) end)
try([==[math.log(27, 3)]==], function() return math.log(27, 3) end)
try([==[math.log(0, 2)]==], function() return math.log(0, 2) end)
try([==[math.log(8, 1)]==], function() return math.log(8, 1) end)
try([==[math.log(2^0.5, 2)]==], function() return math.log(2^0.5, 2) end)
try([==[math.log(-1, 2)]==], function() return math.log(-1, 2) end)
try([==[math.log(8, "x")]==], function() return math.log(8, "x") end)
try([==[math.log(8, nil)]==], function() return math.log(8, nil) end)
try([==[math.log(8, "2")]==], function() return math.log(8, "2") end)
try([==[math.log(1024, 2)]==], function() return math.log(1024, 2) end)
try([==[math.log(1/0, 2)]==], function() return math.log(1/0, 2) end)
try([==[math.log(0.5, 2)]==], function() return math.log(0.5, 2) end)
try([==[math.log(5e-324, 2)]==], function() return math.log(5e-324, 2) end)
