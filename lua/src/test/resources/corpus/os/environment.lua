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
try([==[os.getenv("PATH") ~= nil]==], function() return os.getenv("PATH") ~= nil end)
try([==[os.getenv("NO_SUCH_VARIABLE")]==], function() return os.getenv("NO_SUCH_VARIABLE") end)
try([==[os.getenv("")]==], function() return os.getenv("") end)
try([==[os.getenv()]==], function() return os.getenv() end)
try([==[os.getenv({})]==], function() return os.getenv({}) end)
try([==[os.setlocale()]==], function() return os.setlocale() end)
try([==[os.setlocale("C")]==], function() return os.setlocale("C") end)
try([==[os.setlocale("POSIX")]==], function() return os.setlocale("POSIX") end)
try([==[os.setlocale("no_such")]==], function() return os.setlocale("no_such") end)
try([==[os.setlocale(nil, "all")]==], function() return os.setlocale(nil, "all") end)
try([==[os.setlocale("C", "numeric")]==], function() return os.setlocale("C", "numeric") end)
try([==[os.setlocale("C", "bad")]==], function() return os.setlocale("C", "bad") end)
try([==[os.setlocale({})]==], function() return os.setlocale({}) end)
