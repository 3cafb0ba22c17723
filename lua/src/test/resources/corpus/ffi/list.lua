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
local ffi = require("ffi")
ffi.cdef("typedef struct node { int value; struct node *next; } node_t;") local keep, head = {}, nil for i = 1, 10 do local n = ffi.new("node_t", i, head) keep[i] = n head = n end collectgarbage() local sum, n = 0, ffi.new("node_t *", head) while n ~= nil do sum = sum + n.value n = n.next end print(sum)
