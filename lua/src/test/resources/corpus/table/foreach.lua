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
try([==[table.foreach({1, 2}, function(k, v) if v == 2 then return "r" .. k end end)]==], function() return table.foreach({1, 2}, function(k, v) if v == 2 then return "r" .. k end end) end)
try([==[table.foreach({}, print)]==], function() return table.foreach({}, print) end)
try([==[table.foreach({1}, function() return false end)]==], function() return table.foreach({1}, function() return false end) end)
try([==[table.foreach()]==], function() return table.foreach() end)
try([==[table.foreach({})]==], function() return table.foreach({}) end)
try([==[table.foreach({1}, 5)]==], function() return table.foreach({1}, 5) end)
try([==[table.foreach({x = 1}, function(k, v) return k .. v end)]==], function() return table.foreach({x = 1}, function(k, v) return k .. v end) end)
try([==[select("#", table.foreach({}, print))]==], function() return select("#", table.foreach({}, print)) end)
try([==[table.foreach(1, print)]==], function() return table.foreach(1, print) end)
