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
for i, v in ipairs({1, 2, nil, 4}) do io.write(i, "=", v, " ") end print() for i, v in ipairs({[0] = 0, "a", [3] = "c"}) do io.write(i, "=", v, " ") end print() print(pcall(ipairs)) print(pcall(ipairs, 5)) local f, s, c = ipairs({7}) print(f(s, c)) print(f(s, 1)) print(select("#", f(s, 1)))
