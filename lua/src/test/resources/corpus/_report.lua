-- What scripts report with: show(...) prints values, try(name, f, ...) prints what a call returns or raises.
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
return show, try
