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
local function dump(t) local keys = {} for k in pairs(t) do keys[#keys + 1] = k end table.sort(keys) for _, k in ipairs(keys) do io.write(tostring(k), "=", tostring(t[k]), " ") end print(#t) end
local t = {1, 2, 3}
table.insert(t, 10, 9) dump(t) table.insert(t, 0, "zero") dump(t) table.insert(t, -1, "minus") dump(t)
