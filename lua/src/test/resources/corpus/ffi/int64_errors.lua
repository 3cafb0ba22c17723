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
local ffi = require("ffi")
try([==[1LL + "1"]==], function() return 1LL + "1" end)
try([==[1LL + nil]==], function() return 1LL + nil end)
try([==[1LL + {}]==], function() return 1LL + {} end)
try([==[#1LL]==], function() return #1LL end)
try([==[(1LL)[1]]==], function() return (1LL)[1] end)
try([==[(1LL).x]==], function() return (1LL).x end)
try([==[(1LL)()]==], function() return (1LL)() end)
try([==[1LL .. ""]==], function() return 1LL .. "" end)
try([==["" .. 1LL]==], function() return "" .. 1LL end)
try([==[math.floor(5LL)]==], function() return math.floor(5LL) end)
try([==[string.rep("x", 3LL)]==], function() return string.rep("x", 3LL) end)
try([==[1LL + true]==], function() return 1LL + true end)
try([==[nil - 1LL]==], function() return nil - 1LL end)
try([==[1LL < nil]==], function() return 1LL < nil end)
try([==[1LL < {}]==], function() return 1LL < {} end)
try([==[-{}]==], function() return -{} end)
