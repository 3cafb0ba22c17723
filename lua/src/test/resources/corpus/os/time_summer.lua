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
try([==[os.time({year = 2024, month = 7, day = 1, isdst = false})]==], function() return os.time({year = 2024, month = 7, day = 1, isdst = false}) end)
try([==[os.time({year = 2024, month = 7, day = 1})]==], function() return os.time({year = 2024, month = 7, day = 1}) end)
try([==[os.time({year = 2024, month = 1, day = 1, isdst = false})]==], function() return os.time({year = 2024, month = 1, day = 1, isdst = false}) end)
local t = {year = 2024, month = 14, day = 1} os.time(t) print(t.month, t.year)
