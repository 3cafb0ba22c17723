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
local a, b = os.tmpname(), os.tmpname() local f = io.open(a, "wb") for i = 0, 999 do f:write(string.char(i % 256)) end f:close() local i, o = io.open(a, "rb"), io.open(b, "wb") while true do local block = i:read(64) if not block then break end o:write(block) end i:close() o:close() local x, y = io.open(a, "rb"):read("*a"), io.open(b, "rb"):read("*a") print(#x, x == y) os.remove(a) os.remove(b)
