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
local f = io.open(name, "w") f:write("left open") f = nil collectgarbage() local g = io.open(name, "a") g:write("more") g:flush() print(io.open(name):read("*a"):find("more") ~= nil)
os.remove(name)
