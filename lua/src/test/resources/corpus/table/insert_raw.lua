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
local log = {} local t = setmetatable({}, {__newindex = function(_, k) log[#log + 1] = k end, __len = function() return 10 end, __index = function() return "i" end})
table.insert(t, 5) table.insert(t, 1, 6) print(rawget(t, 1), rawget(t, 2), #log, table.remove(t), #log)
