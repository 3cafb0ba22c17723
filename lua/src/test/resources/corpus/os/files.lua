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
local name = os.tmpname() print(name:match("^/tmp/lua_......$") ~= nil) local f = io.open(name, "w") f:write("x") f:close()
print(os.rename(name, name .. ".b")) print(io.open(name) == nil) print(os.remove(name .. ".b")) print(select("#", os.remove(name)), (os.remove(name)), (select(2, os.remove(name)):gsub("lua_......", "lua_?")), select(3, os.remove(name)))
try([==[os.remove("/nonexistent")]==], function() return os.remove("/nonexistent") end)
try([==[os.remove("/")]==], function() return os.remove("/") end)
try([==[os.remove("")]==], function() return os.remove("") end)
try([==[os.rename("/nonexistent", "/tmp/q")]==], function() return os.rename("/nonexistent", "/tmp/q") end)
try([==[os.rename("/nonexistent/a", "/nonexistent/b")]==], function() return os.rename("/nonexistent/a", "/nonexistent/b") end)
try([==[os.rename("a")]==], function() return os.rename("a") end)
try([==[os.remove()]==], function() return os.remove() end)
try([==[os.remove({})]==], function() return os.remove({}) end)
try([==[os.rename()]==], function() return os.rename() end)
try([==[os.tmpname() ~= os.tmpname()]==], function() return os.tmpname() ~= os.tmpname() end)
