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
local function text(value) return setmetatable({}, {__tostring = function() return value end}) end
try([==[("%s"):format(text("hi"))]==], function() return ("%s"):format(text("hi")) end)
try([==[("%5s|"):format(text("hi"))]==], function() return ("%5s|"):format(text("hi")) end)
try([==[("%.1s|"):format(text("hi"))]==], function() return ("%.1s|"):format(text("hi")) end)
try([==[("%s"):format(text(1))]==], function() return ("%s"):format(text(1)) end)
try([==[("%s"):format(text(nil))]==], function() return ("%s"):format(text(nil)) end)
try([==[("%s"):format(text(true))]==], function() return ("%s"):format(text(true)) end)
try([==[("%q"):format(text("a\nb"))]==], function() return ("%q"):format(text("a\nb")) end)
try([==[("%s"):format(setmetatable({}, {__tostring = 1}))]==], function() return ("%s"):format(setmetatable({}, {__tostring = 1})) end)
try([==[("%s"):format(setmetatable({}, {__tostring = function() error("no") end}))]==], function() return ("%s"):format(setmetatable({}, {__tostring = function() error("no") end})) end)
