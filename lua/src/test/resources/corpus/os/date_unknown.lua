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
for letter in ("EfiJKLNoOqQv+-_0^#1!@&*()="):gmatch(".") do io.write(letter, "=<", os.date("!%" .. letter, 0), "> ") end print()
try([==[os.date("!", 0)]==], function() return os.date("!", 0) end)
try([==[os.date("", 0)]==], function() return os.date("", 0) end)
try([==[os.date("!%", 0)]==], function() return os.date("!%", 0) end)
try([==[os.date("!%%", 0)]==], function() return os.date("!%%", 0) end)
try([==[os.date("!a%b%", 0)]==], function() return os.date("!a%b%", 0) end)
try([==[os.date("!plain", 0)]==], function() return os.date("!plain", 0) end)
try([==[os.date("!%Ec %Oy %EZ %Oq", 0)]==], function() return os.date("!%Ec %Oy %EZ %Oq", 0) end)
