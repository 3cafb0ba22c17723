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
for bits = 0, 32, 4 do local mask = bits == 0 and 0 or bit.lshift(-1, 32 - bits) print(bits, bit.tohex(mask), mask, bit.band(0xc0a80101, mask), bit.tohex(bit.bor(0xc0a80101, bit.bnot(mask)))) end local function ip(a, b, c, d) return bit.bor(bit.lshift(a, 24), bit.lshift(b, 16), bit.lshift(c, 8), d) end local v = ip(192, 0, 2, 1) print(v, bit.rshift(v, 24), bit.band(bit.rshift(v, 8), 255), bit.tohex(bit.bswap(v)))
