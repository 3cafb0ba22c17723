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
io.write("a") print("b") io.write("c", "\n") print(1, nil, true, 1.5, "x\0y") print() print(nil) print(("x"):rep(3), setmetatable({}, {__tostring = function() return "custom" end})) io.stdout:write("d\n") print(select(2, pcall(print, setmetatable({}, {__tostring = function() error("bad", 0) end}))))
