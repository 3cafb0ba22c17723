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
try([==[type(os.clock())]==], function() return type(os.clock()) end)
try([==[os.clock() >= 0]==], function() return os.clock() >= 0 end)
try([==[os.difftime(5, 3)]==], function() return os.difftime(5, 3) end)
try([==[os.difftime(5)]==], function() return os.difftime(5) end)
try([==[os.difftime()]==], function() return os.difftime() end)
try([==[os.difftime("x")]==], function() return os.difftime("x") end)
try([==[os.difftime("7", "2")]==], function() return os.difftime("7", "2") end)
try([==[os.difftime(1.5, 1)]==], function() return os.difftime(1.5, 1) end)
local start = os.clock() local sum = 0 while os.clock() - start < 0.01 do sum = sum + 1 end print(sum > 0, os.clock() > start)
