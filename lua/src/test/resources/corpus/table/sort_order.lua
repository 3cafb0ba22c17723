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
local n = {} for i = 1, 100 do n[i] = (i * 37) % 101 end table.sort(n, function(a, b) return a > b end) print(table.concat(n, " "))
local people = {{"bob", 5}, {"al", 3}, {"cy", 9}} table.sort(people, function(a, b) return a[2] < b[2] end) for _, p in ipairs(people) do io.write(p[1], " ") end print()
table.sort(people, function(a, b) return a[1] < b[1] end) for _, p in ipairs(people) do io.write(p[1], " ") end print()
local m = setmetatable({}, {__lt = function(a, b) return false end}) print(pcall(table.sort, {m, m, m}))
local mt = {__lt = function(a, b) return a.v < b.v end} local o = {} for i, v in ipairs({5, 3, 8, 1}) do o[i] = setmetatable({v = v}, mt) end table.sort(o) for _, x in ipairs(o) do io.write(x.v, " ") end print()
