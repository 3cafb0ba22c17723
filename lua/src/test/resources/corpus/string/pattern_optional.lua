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
try([==[("color colour"):gsub("colou?r", "C")]==], function() return ("color colour"):gsub("colou?r", "C") end)
try([==[("-12"):match("^[+-]?%d+$")]==], function() return ("-12"):match("^[+-]?%d+$") end)
try([==[("+1.5e-3"):match("^[+-]?%d+%.?%d*[eE]?[+-]?%d*$")]==], function() return ("+1.5e-3"):match("^[+-]?%d+%.?%d*[eE]?[+-]?%d*$") end)
try([==[(""):match("a?")]==], function() return (""):match("a?") end)
try([==[("ab"):match("a?b?c?")]==], function() return ("ab"):match("a?b?c?") end)
try([==[("b"):match("a?b")]==], function() return ("b"):match("a?b") end)
try([==[("aab"):match("a?b")]==], function() return ("aab"):match("a?b") end)
try([==[("x"):match("(x?)(y?)")]==], function() return ("x"):match("(x?)(y?)") end)
