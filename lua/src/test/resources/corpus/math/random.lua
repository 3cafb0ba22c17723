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
math.randomseed(42) print(math.random(), math.random(10), math.random(5, 7)) for i = 1, 20 do io.write(math.random(100), " ") end print()
math.randomseed(0) for i = 1, 5 do print(math.random()) end math.randomseed(1e300) print(math.random()) math.randomseed(-5) print(math.random(1, 6)) math.randomseed(0.5) print(math.random(0, 2^53))
try([==[math.random(5, 5)]==], function() return math.random(5, 5) end)
try([==[math.random(1, 0)]==], function() return math.random(1, 0) end)
try([==[math.random(0)]==], function() return math.random(0) end)
try([==[math.random(-5, -5)]==], function() return math.random(-5, -5) end)
try([==[math.random(1.5, 1.5)]==], function() return math.random(1.5, 1.5) end)
try([==[math.random("x")]==], function() return math.random("x") end)
try([==[math.random(1, "x")]==], function() return math.random(1, "x") end)
try([==[math.random({})]==], function() return math.random({}) end)
try([==[math.random(nil)]==], function() return math.random(nil) end)
try([==[math.random(1/0)]==], function() return math.random(1/0) end)
try([==[math.random(1, 1/0)]==], function() return math.random(1, 1/0) end)
try([==[math.randomseed()]==], function() return math.randomseed() end)
try([==[math.randomseed("x")]==], function() return math.randomseed("x") end)
