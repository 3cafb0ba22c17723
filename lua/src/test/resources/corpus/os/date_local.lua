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
print(os.date("%c", 0) == os.date("%a %b %e %H:%M:%S %Y", 0)) for _, moment in ipairs({0, 1e9, 1.7e9, 1720000000}) do print(os.date("%Y-%m-%d %H:%M:%S %z", moment)) local t = os.date("*t", moment) print(os.time(t) == moment) end
