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
try([==[ffi.cdef()]==], function() return ffi.cdef() end)
try([==[ffi.cdef(5)]==], function() return ffi.cdef(5) end)
try([==[ffi.cdef({})]==], function() return ffi.cdef({}) end)
try([==[ffi.cdef("int $;")]==], function() return ffi.cdef("int $;") end)
try([==[ffi.cdef("struct $ { int x; };", "dyn")]==], function() return ffi.cdef("struct $ { int x; };", "dyn") end)
try([==[ffi.sizeof("struct dyn")]==], function() return ffi.sizeof("struct dyn") end)
try([==[select("#", ffi.cdef("int okay;"))]==], function() return select("#", ffi.cdef("int okay;")) end)
