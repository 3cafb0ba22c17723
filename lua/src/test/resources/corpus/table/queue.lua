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
local q = {} for i = 1, 10 do table.insert(q, i) end local out = {} while #q > 0 do out[#out + 1] = table.remove(q, 1) if out[#out] == 3 then table.insert(q, 99) end end print(table.concat(out, " "))
