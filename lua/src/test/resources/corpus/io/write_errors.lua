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
local f = io.open(name) show(f:write("x")) show(f:write("")) f:close() try([==[f:write("x")]==], function() return f:write("x") end)
try([==[f:read()]==], function() return f:read() end)
try([==[f:lines()]==], function() return f:lines() end)
try([==[f:seek()]==], function() return f:seek() end)
try([==[f:flush()]==], function() return f:flush() end)
try([==[f:close()]==], function() return f:close() end)
try([==[f:setvbuf("no")]==], function() return f:setvbuf("no") end)
try([==[tostring(f)]==], function() return tostring(f) end)
try([==[io.type(f)]==], function() return io.type(f) end)
os.remove(name)
