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
try([==["a" .. "b"]==], function() return "a" .. "b" end)
try([==["a" .. 1]==], function() return "a" .. 1 end)
try([==[1 .. 2]==], function() return 1 .. 2 end)
try([==["a" .. 1.5]==], function() return "a" .. 1.5 end)
try([==["a" .. -0]==], function() return "a" .. -0 end)
try([==["a" .. 1e100]==], function() return "a" .. 1e100 end)
try([==["a" .. {}]==], function() return "a" .. {} end)
try([==[nil .. "a"]==], function() return nil .. "a" end)
try([==["a" .. true]==], function() return "a" .. true end)
try([==["a" .. 0/0]==], function() return "a" .. 0/0 end)
try([==[("x"):rep(3) .. "y"]==], function() return ("x"):rep(3) .. "y" end)
