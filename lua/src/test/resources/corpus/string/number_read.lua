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
for _, text in ipairs({"0b11", "0b2", "inf", "-inf", "nan", "infinity", "0x", "0x1p4", "0x.8", "0x1.", "0x.p1", ".5", "5.", "5e", "5e+", "1e5", " 12 ", "1e400", "1e-400", "0xfffffffffffffffff", "1LL", "1i", "--1", "+1", "- 1", "0b1.1", "", " ", "1 1", "0x1P+3", "08", "1e1048575", "1e1048576", "2.4703282292062327e-324", "2.4703282292062328e-324", "0x1.00000000000008", "0x1.00000000000018", "9007199254740993", "1..2", "0x1g", "1_0"}) do print(text, tonumber(text)) end
