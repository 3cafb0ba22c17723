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
for _, moment in ipairs({0, 86399, 951782400, 978307199, 1230768000, 1262304000, 1e9, -1, -86400 * 365 * 70, 4102444800, 1e11, 1709164800, 1735689599}) do
  for letter in ("cDFrRTxX"):gmatch(".") do io.write(letter, "=", os.date("!%" .. letter, moment), ";") end
  print()
end
