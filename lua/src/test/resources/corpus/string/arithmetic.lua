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
try([==["10" + 5]==], function() return "10" + 5 end)
try([==["0x10" + 0]==], function() return "0x10" + 0 end)
try([==["1e1" * 2]==], function() return "1e1" * 2 end)
try([==[" 5 " - 1]==], function() return " 5 " - 1 end)
try([==["a" + 1]==], function() return "a" + 1 end)
try([==["" + 1]==], function() return "" + 1 end)
try([==[-"2"]==], function() return -"2" end)
try([==["2" ^ "3"]==], function() return "2" ^ "3" end)
try([==["7" % "4"]==], function() return "7" % "4" end)
try([==["inf" + 0]==], function() return "inf" + 0 end)
