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
for _, value in ipairs({0, 1, 65, 255, 256, 321}) do
  for _, flags in ipairs({"", "-", "0", "5", "-5", "05", ".0"}) do
    local format = "%" .. flags .. "c"
    show(format, format:format(value))
  end
end
