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
try([==[("%q"):format("abc")]==], function() return ("%q"):format("abc") end)
try([==[("%q"):format("a\nb\rc\td")]==], function() return ("%q"):format("a\nb\rc\td") end)
try([==[("%q"):format("\0\1\2\0003\127\1279")]==], function() return ("%q"):format("\0\1\2\0003\127\1279") end)
try([==[("%q"):format("\"\\")]==], function() return ("%q"):format("\"\\") end)
try([==[("%q"):format("\200\255")]==], function() return ("%q"):format("\200\255") end)
try([==[("%q"):format("")]==], function() return ("%q"):format("") end)
try([==[("%q"):format(12)]==], function() return ("%q"):format(12) end)
try([==[("%q"):format(nil)]==], function() return ("%q"):format(nil) end)
try([==[("%5q"):format("ab")]==], function() return ("%5q"):format("ab") end)
try([==[("%.1q"):format("ab")]==], function() return ("%.1q"):format("ab") end)
try([==[("%q"):format("\r\n\r1")]==], function() return ("%q"):format("\r\n\r1") end)
try([==[("%q"):format("\26\27")]==], function() return ("%q"):format("\26\27") end)
