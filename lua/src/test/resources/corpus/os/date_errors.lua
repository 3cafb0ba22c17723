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
try([==[os.date({})]==], function() return os.date({}) end)
try([==[os.date("!%c", "x")]==], function() return os.date("!%c", "x") end)
try([==[os.date("!%c", "0")]==], function() return os.date("!%c", "0") end)
try([==[os.date("!%c", {})]==], function() return os.date("!%c", {}) end)
try([==[os.date("!a\0b%Y", 0)]==], function() return os.date("!a\0b%Y", 0) end)
try([==[#os.date(nil, nil) > 0]==], function() return #os.date(nil, nil) > 0 end)
try([==[os.date("!%Y", 1.9)]==], function() return os.date("!%Y", 1.9) end)
try([==[os.date("!%Y", -1.9)]==], function() return os.date("!%Y", -1.9) end)
try([==[os.date("!%Y", 1e18)]==], function() return os.date("!%Y", 1e18) end)
try([==[os.date("!%Y", 1/0)]==], function() return os.date("!%Y", 1/0) end)
try([==[os.date("!%Y", 0/0)]==], function() return os.date("!%Y", 0/0) end)
try([==[os.date(12, 0)]==], function() return os.date(12, 0) end)
try([==[#os.date(("!%c"):rep(1), 0)]==], function() return #os.date(("!%c"):rep(1), 0) end)
try([==[#os.date("!" .. ("%Y"):rep(1000), 0)]==], function() return #os.date("!" .. ("%Y"):rep(1000), 0) end)
