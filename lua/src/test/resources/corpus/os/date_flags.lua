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
for _, prefix in ipairs({"_", "-", "0", "^", "#"}) do
  for letter in ("aAbBcCdDeFgGhHIjklmMnprRsStTuUVwWxXyYzZ%"):gmatch(".") do io.write(letter, "=", os.date("!%" .. prefix .. letter, 1e9), ";") end
  print()
end
