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
local f = io.open(name, "w+") f:write("hello world") f:seek("set", 6) f:write("W") f:seek("set") show(f:read("*a")) f:seek("set") show(f:read(5)) f:seek("cur", 0) f:write("-") f:seek("set") show(f:read("*a")) f:close()
f = io.open(name, "a+") show(f:read(3)) f:seek("set", 0) f:write("end") f:seek("set") show(f:read("*a")) f:close() f = io.open(name, "r+") f:write("J") f:close() f = io.open(name) show(f:read("*a"))
os.remove(name)
