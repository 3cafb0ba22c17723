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
local name = os.tmpname()
local f = io.open(name, "w") f:write("0123456789") f:close() f = io.open(name)
show(f:read(0)) show(f:read(3)) show(f:read(1, 2)) show(f:read(100)) show(f:read(1)) show(f:read(0)) f:seek("set", 8) show(f:read(5)) f:seek("set") show(f:read(2.9)) show(pcall(f.read, f, -1))
os.remove(name)
