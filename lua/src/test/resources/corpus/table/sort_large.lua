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
local seed = 42 local function rnd() seed = (seed * 1103515245 + 12345) % 2147483648 return seed end local t = {} for i = 1, 5000 do t[i] = rnd() % 1000 end table.sort(t) for i = 2, #t do assert(t[i - 1] <= t[i]) end print(t[1], t[2500], t[5000]) table.sort(t, function(a, b) return a > b end) print(t[1], t[2500], t[5000]) local s = {} for i = 1, 500 do s[i] = ("%05d"):format(rnd() % 100000) end table.sort(s) print(s[1], s[250], s[500])
