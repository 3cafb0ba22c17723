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
try([==[os.execute()]==], function() return os.execute() end)
try([==[os.execute("exit 3")]==], function() return os.execute("exit 3") end)
try([==[os.execute("true")]==], function() return os.execute("true") end)
try([==[os.execute("false")]==], function() return os.execute("false") end)
try([==[os.execute({})]==], function() return os.execute({}) end)
try([==[os.execute("exit 255")]==], function() return os.execute("exit 255") end)
try([==[os.execute("test 1 = 1 && exit 7")]==], function() return os.execute("test 1 = 1 && exit 7") end)
io.stdout:flush() os.execute("echo from the shell; echo again") os.execute("echo quiet > /dev/null") os.execute("cat") print("after")
