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
local text = "Hello\0\1\200World" local hex = text:gsub(".", function(c) return ("%02x "):format(c:byte()) end) print(hex) print((text:gsub("[^%g ]", "."))) for i = 1, #text, 4 do print(("%08x  %-12s %q"):format(i - 1, text:sub(i, i + 3):gsub(".", function(c) return ("%02X"):format(c:byte()) end), text:sub(i, i + 3))) end
