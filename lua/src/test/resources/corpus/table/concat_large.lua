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
local t = {} for i = 1, 5000 do t[i] = i end
local s = table.concat(t, ",") print(#s, s:sub(1, 20), s:sub(-20))
print(#table.concat(t), #table.concat(t, "--", 100, 4900))
