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
local parts = {} for i = -5, 5 do parts[#parts + 1] = i / 4 end print(table.concat(parts, " ")) for e = -10, 20 do io.write(10^e, " ") end print() for i = 1, 12 do io.write(1 / i, " ") end print() for i = 0, 64, 4 do io.write(2^i, " ") end print()
