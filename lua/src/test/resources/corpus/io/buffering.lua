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
local f = io.open(name, "w") try([==[f:setvbuf("no")]==], function() return f:setvbuf("no") end)
try([==[f:setvbuf("full", 1024)]==], function() return f:setvbuf("full", 1024) end)
try([==[f:setvbuf("line")]==], function() return f:setvbuf("line") end)
try([==[f:setvbuf("x")]==], function() return f:setvbuf("x") end)
try([==[f:setvbuf()]==], function() return f:setvbuf() end)
try([==[f:setvbuf({})]==], function() return f:setvbuf({}) end)
try([==[f:flush()]==], function() return f:flush() end)
try([==[io.flush()]==], function() return io.flush() end)
try([==[io.stdout:flush()]==], function() return io.stdout:flush() end)
local function content() local r = io.open(name) local s = r:read("*a") r:close() return s end
f:setvbuf("no") f:write("a") show(content()) f:setvbuf("full") f:write("b") f:flush() show(content()) f:setvbuf("line") f:write("c\n") show(content()) f:close() show(content())
os.remove(name)
