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
try([==[io.open("/nonexistent/x")]==], function() return io.open("/nonexistent/x") end)
try([==[io.open("/nonexistent/x", "w")]==], function() return io.open("/nonexistent/x", "w") end)
try([==[io.open("/tmp", "w")]==], function() return io.open("/tmp", "w") end)
try([==[io.open("x", "q")]==], function() return io.open("x", "q") end)
try([==[io.open("x", "")]==], function() return io.open("x", "") end)
try([==[io.open("", "r")]==], function() return io.open("", "r") end)
try([==[io.open("/dev/null", "z+")]==], function() return io.open("/dev/null", "z+") end)
try([==[io.open()]==], function() return io.open() end)
try([==[io.open({})]==], function() return io.open({}) end)
try([==[io.open("x", {})]==], function() return io.open("x", {}) end)
try([==[io.open("/proc/self/nope", "r+")]==], function() return io.open("/proc/self/nope", "r+") end)
try([==[io.open("a\0b")]==], function() return io.open("a\0b") end)
try([==[io.open("/etc/passwd/x")]==], function() return io.open("/etc/passwd/x") end)
