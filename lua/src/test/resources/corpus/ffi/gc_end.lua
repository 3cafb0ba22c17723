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
local a = ffi.gc(ffi.new("int[1]", 7), function(p) print("finalized", p[0]) end) local b = ffi.gc(ffi.new("int[1]", 8), function(p) print("never", p[0]) end) ffi.gc(b, nil) print("end of the script", a[0], b[0])
