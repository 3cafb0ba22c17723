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
local name = os.tmpname() local f = io.open(name, "w") f:write("count 3\n1 2 3\nname: value\n\nrest of it\nmore") f:close() f = io.open(name) show(f:read(5)) show(f:read("*n")) show(f:read("*l")) show(f:read("*n", "*n", "*n")) show(f:read(1)) show(f:read("*L")) show(f:read("*l")) show(f:read(4, "*a")) show(f:read("*n")) f:close() os.remove(name)
