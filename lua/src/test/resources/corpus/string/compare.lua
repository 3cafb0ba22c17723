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
try([==["a" < "b"]==], function() return "a" < "b" end)
try([==["a" < "\200"]==], function() return "a" < "\200" end)
try([==["\127" < "\128"]==], function() return "\127" < "\128" end)
try([==["" < "a"]==], function() return "" < "a" end)
try([==["a\0b" < "a\0c"]==], function() return "a\0b" < "a\0c" end)
try([==["a" < "a\0"]==], function() return "a" < "a\0" end)
try([==["Z" < "a"]==], function() return "Z" < "a" end)
try([==["10" < "9"]==], function() return "10" < "9" end)
try([==["a" <= "a"]==], function() return "a" <= "a" end)
try([==["a" >= "b"]==], function() return "a" >= "b" end)
try([==["a" < 1]==], function() return "a" < 1 end)
try([==["a" == "a"]==], function() return "a" == "a" end)
