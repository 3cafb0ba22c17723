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
local name = os.tmpname()
local f = io.open(name, "w") f:write("a\nbb\n\nccc") f:close()
for line in io.lines(name) do show(line) end for line in io.lines(name, "*L") do show(line) end for a, b in io.lines(name, 1, 2) do show(a, b) end for n in io.lines(name, "*n") do show(n) end
f = io.open(name) for line in f:lines() do show(line) end show(f:read()) f:close()
local next = io.lines(name) while next() do end show(pcall(next))
try([==[io.lines("/nonexistent")]==], function() return io.lines("/nonexistent") end)
try([==[io.lines({})]==], function() return io.lines({}) end)
try([==[io.lines(name, "*x")()]==], function() return io.lines(name, "*x")() end)
try([==[f:lines()]==], function() return f:lines() end)
os.remove(name)
