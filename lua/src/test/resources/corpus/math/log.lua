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
for _, value in ipairs({0, -0.0, 0.5, -0.5, 1, -1, 2, 3.7, -3.7, 10, 100, 1e10, 1e-10, 2^53, 1/0, -1/0, 0/0}) do io.write(value, ": ") show(math.log(value)) end
try([==[math.log()]==], function() return math.log() end)
try([==[math.log("2")]==], function() return math.log("2") end)
try([==[math.log("x")]==], function() return math.log("x") end)
try([==[math.log({})]==], function() return math.log({}) end)
try([==[math.log(nil)]==], function() return math.log(nil) end)
