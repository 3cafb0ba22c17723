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
try([==[os.time({})]==], function() return os.time({}) end)
try([==[os.time({year = 2024, month = 1})]==], function() return os.time({year = 2024, month = 1}) end)
try([==[os.time({year = 2024, day = 1})]==], function() return os.time({year = 2024, day = 1}) end)
try([==[os.time({month = 1, day = 1})]==], function() return os.time({month = 1, day = 1}) end)
try([==[os.time({year = "x", month = 1, day = 1})]==], function() return os.time({year = "x", month = 1, day = 1}) end)
try([==[os.time({year = 2024, month = 1, day = {}})]==], function() return os.time({year = 2024, month = 1, day = {}}) end)
try([==[os.time(5)]==], function() return os.time(5) end)
try([==[os.time("x")]==], function() return os.time("x") end)
try([==[os.time({year = 2024, month = 1, day = 1, hour = "x"})]==], function() return os.time({year = 2024, month = 1, day = 1, hour = "x"}) end)
try([==[os.time({year = 2024, month = 1, day = 1, hour = true})]==], function() return os.time({year = 2024, month = 1, day = 1, hour = true}) end)
try([==[os.time() == math.floor(os.time())]==], function() return os.time() == math.floor(os.time()) end)
try([==[os.time(nil) > 1e9]==], function() return os.time(nil) > 1e9 end)
try([==[os.time(setmetatable({}, {__index = function() return 5 end}))]==], function() return os.time(setmetatable({}, {__index = function() return 5 end})) end)
