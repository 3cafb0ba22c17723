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
local f = io.open(name, "w") f:write("one\ntwo\n\nfour\r\nlast without end") f:close() f = io.open(name)
show(f:read()) show(f:read("*l")) show(f:read("*L")) show(f:read("l")) show(f:read("*L")) show(f:read("*L")) show(f:read()) f:seek("set") show(f:read("*l", "*l", "*L", "*l", "*l", "*l", "*l")) f:seek("set") show(f:read("*L", "*a")) show(f:read("*a")) show(f:read("*l"))
os.remove(name)
