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
for year = 1999, 2004 do local t = os.time({year = year, month = 2, day = 29, hour = 12}) print(year, os.date("!%m-%d", t)) end local t = os.time({year = 2024, month = 1, day = 31, hour = 12}) for i = 1, 5 do print(os.date("!%Y-%m-%d %a %j", t + i * 86400 * 30)) end print(os.date("!%H:%M:%S", 3661), os.date("!%X", 86399), os.difftime(os.time({year = 2024, month = 3, day = 1}), os.time({year = 2024, month = 2, day = 1})) / 86400)
