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
local s = {} for i = 1, 5 do s[#s + 1] = i * i end print(#s, table.remove(s), table.remove(s), #s) table.insert(s, 1, "bottom") print(table.concat(s, ",")) while table.remove(s) do end print(#s)
