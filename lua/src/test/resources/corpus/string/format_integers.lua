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
for _, v in ipairs({0, 9, 10, 99, 1e14, 99999999999999, 100000000000000, 2^53 - 1, 2^53, -2^53, 1e15, 123456789}) do print(("%d %i %5d %-5d| %05d %x %X %#x %o %u"):format(v, v, v, v, v, v, v, v, v, v), v, -v) end
