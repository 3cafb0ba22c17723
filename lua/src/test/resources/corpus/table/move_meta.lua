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
local log = {} local s = setmetatable({}, {__index = function(_, k) return k * 10 end}) local d = setmetatable({}, {__newindex = function(t, k, v) log[#log + 1] = k .. "=" .. v end})
table.move(s, 1, 3, 5, d) print(table.concat(log, " ")) print(next(d))
