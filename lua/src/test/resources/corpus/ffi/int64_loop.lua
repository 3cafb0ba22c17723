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
local hash = 14695981039346656037ULL for octet in ("hello world"):gmatch(".") do hash = bit.bxor(hash, octet:byte()) * 1099511628211ULL end print(hash)
local a, b = 0LL, 1LL for i = 1, 90 do a, b = b, a + b end print(a) local f = 1ULL for i = 1, 25 do f = f * i end print(f)
local s = 0LL for i = 1, 100 do s = s + i end print(s, tonumber(s)) print(bit.tohex(hash))
