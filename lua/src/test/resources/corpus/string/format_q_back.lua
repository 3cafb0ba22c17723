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
for i = 0, 255 do
  for _, after in ipairs({"", "1", "x"}) do
    local text = string.char(i) .. after
    if i ~= 13 and i ~= 26 then assert(loadstring("return " .. ("%q"):format(text))() == text, i) end
  end
end
print("ok")
