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
local f = io.open(name) try([==[f:read("*x")]==], function() return f:read("*x") end)
try([==[f:read("x")]==], function() return f:read("x") end)
try([==[f:read({})]==], function() return f:read({}) end)
try([==[f:read(nil)]==], function() return f:read(nil) end)
try([==[f:read("")]==], function() return f:read("") end)
try([==[f:read("5")]==], function() return f:read("5") end)
try([==[f:read("*")]==], function() return f:read("*") end)
try([==[f:read(true)]==], function() return f:read(true) end)
try([==[f.read()]==], function() return f.read() end)
try([==[f.read(5)]==], function() return f.read(5) end)
try([==[io.stdout.read({})]==], function() return io.stdout.read({}) end)
local w = io.open(name, "w") show(w:read()) show(w:read("*a")) show(w:read(1)) w:close()
os.remove(name)
