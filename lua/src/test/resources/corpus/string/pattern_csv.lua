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
for line in ("a,b,c\n1,,3\n\"q,r\",x"):gmatch("[^\n]+") do local out = {} for field in (line .. ","):gmatch("(.-),") do out[#out + 1] = field end print(#out, table.concat(out, "|")) end
