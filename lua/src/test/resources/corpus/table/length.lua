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
print(#{}, #{1}, #{1, 2, nil}, #{n = 1}, #{1, nil, 3} >= 1) local t = {} for i = 1, 100 do t[i] = i end print(#t) t[100] = nil print(#t) for i = 99, 50, -1 do t[i] = nil end print(#t) t[51] = 1 print(#t == 49 or #t == 51)
