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
local w = setmetatable({}, {__mode = "k"}) local key = {} w[key] = "kept" w[{}] = "lost" collectgarbage() collectgarbage() print(w[key]) local v = setmetatable({}, {__mode = "v"}) local value = {} v[1] = value v.name = "string stays" collectgarbage() print(v[1] == value, v.name)
