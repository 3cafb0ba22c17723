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
local k = 1LL local t = {[k] = 5, [1] = "one"} print(t[1LL], t[k], t[1], t[1ULL]) local n = 0 for _ in pairs(t) do n = n + 1 end print(n) print(({10, 20})[2LL])
