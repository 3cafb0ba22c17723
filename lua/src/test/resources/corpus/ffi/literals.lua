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
print(0x10LL, 0xffffffffffffffffULL, 0b11LL, 1LL, 1ULL, -1LL, 9223372036854775808LL) for _, text in ipairs({"18446744073709551616ULL", "1.5LL", "1e2LL", "1L", "1U", "1LLx", "0x1ffffffffffffffffLL", "3x"}) do print(text, select(2, loadstring("return " .. text))) end
