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
local t = {"pear", "apple", "fig", "", "Apple", "\200", "a\0b", "a", "10", "9"} table.sort(t)
for _, s in ipairs(t) do io.write(("%q"):format(s), " ") end print()
table.sort(t, function(a, b) return #a < #b or #a == #b and a < b end) for _, s in ipairs(t) do io.write(("%q"):format(s), " ") end print()
