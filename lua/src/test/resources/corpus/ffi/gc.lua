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
try([==[ffi.gc(5, print)]==], function() return ffi.gc(5, print) end)
try([==[ffi.gc(ffi.new("int"), print)]==], function() return ffi.gc(ffi.new("int"), print) end)
try([==[ffi.gc(ffi.new("int[1]"), nil) ~= nil]==], function() return ffi.gc(ffi.new("int[1]"), nil) ~= nil end)
try([==[ffi.gc()]==], function() return ffi.gc() end)
try([==[ffi.gc(ffi.new("int[1]"))]==], function() return ffi.gc(ffi.new("int[1]")) end)
try([==[(function() local p = ffi.new("int[1]", 5) return ffi.gc(p, function() end) == p end)()]==], function() return (function() local p = ffi.new("int[1]", 5) return ffi.gc(p, function() end) == p end)() end)
