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
for k, v in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do io.write(k, v, ";") end print()
for k in ("abc"):gmatch("") do io.write("<", k, ">") end print()
for k in ("abc"):gmatch("^a") do io.write("<", k, ">") end print()
for k in ("^a"):gmatch("^a") do io.write("<", k, ">") end print()
for k in ("abc"):gmatch("()") do io.write("<", k, ">") end print()
for k in ("  a b "):gmatch("%a*") do io.write("<", k, ">") end print()
for a in ("one two  three"):gmatch("%S+") do io.write("[", a, "]") end print()
for a in ("a,b,,c"):gmatch("([^,]*)") do io.write("[", a, "]") end print()
try([==[("a"):gmatch()]==], function() return ("a"):gmatch() end)
try([==[string.gmatch({}, "a")]==], function() return string.gmatch({}, "a") end)
try([==[("a"):gmatch("[")()]==], function() return ("a"):gmatch("[")() end)
try([==[type(("a"):gmatch("a"))]==], function() return type(("a"):gmatch("a")) end)
try([==[(function() local f = ("ab"):gmatch(".") return f(), f(), f(), f() end)()]==], function() return (function() local f = ("ab"):gmatch(".") return f(), f(), f(), f() end)() end)
try([==[(function() local f = ("x"):gmatch("") return f(), f(), f() end)()]==], function() return (function() local f = ("x"):gmatch("") return f(), f(), f() end)() end)
