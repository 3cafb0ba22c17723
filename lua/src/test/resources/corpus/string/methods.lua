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
try([==[("x").nope]==], function() return ("x").nope end)
try([==[("abc"):nope()]==], function() return ("abc"):nope() end)
try([==[("%d"):format(5)]==], function() return ("%d"):format(5) end)
try([==[#("x"):rep(5)]==], function() return #("x"):rep(5) end)
try([==[getmetatable("").__index == string]==], function() return getmetatable("").__index == string end)
try([==[("x").y.z]==], function() return ("x").y.z end)
