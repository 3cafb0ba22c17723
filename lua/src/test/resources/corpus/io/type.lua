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
try([==[io.type(io.stdout)]==], function() return io.type(io.stdout) end)
try([==[io.type(5)]==], function() return io.type(5) end)
try([==[io.type(nil)]==], function() return io.type(nil) end)
try([==[io.type()]==], function() return io.type() end)
try([==[io.type({})]==], function() return io.type({}) end)
try([==[io.type("x")]==], function() return io.type("x") end)
try([==[tostring(io.stdout):match("^file %(0x%x+%)$") ~= nil]==], function() return tostring(io.stdout):match("^file %(0x%x+%)$") ~= nil end)
try([==[type(io.stdout)]==], function() return type(io.stdout) end)
