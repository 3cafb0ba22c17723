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
local t = {} for i = 1, 20 do t[i] = i end for i = #t, 1, -1 do if t[i] % 3 == 0 then table.remove(t, i) end end print(table.concat(t, " ")) local i = 1 while i <= #t do if t[i] % 2 == 0 then table.remove(t, i) else i = i + 1 end end print(table.concat(t, " "))
