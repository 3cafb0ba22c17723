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
try([==[("abc"):gsub(".", {a = 1, b = true})]==], function() return ("abc"):gsub(".", {a = 1, b = true}) end)
try([==[("abc"):gsub(".", {a = 1, b = false})]==], function() return ("abc"):gsub(".", {a = 1, b = false}) end)
try([==[("abc"):gsub(".", {a = {}})]==], function() return ("abc"):gsub(".", {a = {}}) end)
try([==[("$a $b"):gsub("%$(%w+)", {a = "one"})]==], function() return ("$a $b"):gsub("%$(%w+)", {a = "one"}) end)
try([==[("abc"):gsub("(%w)(%w)", {a = "1"})]==], function() return ("abc"):gsub("(%w)(%w)", {a = "1"}) end)
try([==[("abc"):gsub("%w", setmetatable({}, {__index = function(_, k) return k .. k end}))]==], function() return ("abc"):gsub("%w", setmetatable({}, {__index = function(_, k) return k .. k end})) end)
try([==[("x"):gsub("()", {"one"})]==], function() return ("x"):gsub("()", {"one"}) end)
try([==[("abc"):gsub(".", {a = function() end})]==], function() return ("abc"):gsub(".", {a = function() end}) end)
