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
for _, v in ipairs({2.5, -2.5, 0.5, 1e15 + 0.5, -0.5, 2^52 + 0.5, 1e300}) do print(math.floor(v), math.ceil(v), math.floor(v + 0.5), v % 1, (math.modf(v))) end print(math.floor(-0.0) == 0, 1 / math.floor(-0.0), 1 / math.ceil(-0.5))
