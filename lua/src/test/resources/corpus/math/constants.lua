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
print(math.pi, math.huge, -math.huge) print(("%.17g"):format(math.pi)) print(math.mod, math.type, math.tointeger) local names = {} for name in pairs(math) do names[#names + 1] = name end table.sort(names) print(table.concat(names, " "))
