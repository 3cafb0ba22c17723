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
ffi.cdef[[
#pragma pack(1)
struct PP { char a; int b; double c; };
#pragma pack()
struct PQ { char a; int b; double c; };
#pragma pack(2)
struct PR { char a; int b; double c; };
#pragma pack()
]]
print(ffi.sizeof("struct PP"), ffi.sizeof("struct PQ"), ffi.sizeof("struct PR"))
