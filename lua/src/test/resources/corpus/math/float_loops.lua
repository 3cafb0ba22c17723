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
for i = 0, 1, 0.1 do io.write(i, " ") end print() for i = 1, 0, -0.25 do io.write(i, " ") end print() for i = 1, 3 do io.write(i, " ") end print() for i = 3, 1 do io.write("never") end for i = 1e15, 1e15 + 3 do io.write(i, " ") end print() print(pcall(function() for i = "x", 2 do end end)) print(pcall(function() for i = 1, {} do end end)) print(pcall(function() for i = 1, 2, nil do end end))
