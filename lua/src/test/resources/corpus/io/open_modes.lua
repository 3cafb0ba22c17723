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
local name = os.tmpname()
local function content() local f = io.open(name) local s = f:read("*a") f:close() return s end
for _, mode in ipairs({"w", "a", "r+", "a", "w+", "a+", "wb", "ab", "r+b", "rw"}) do
  local f, message, code = io.open(name, mode) io.write(mode, " ", tostring(f ~= nil), " ", tostring(message), " ", tostring(code), " ")
  show(f:read("*a")) f:seek("set") show(f:write("<" .. mode .. ">")) f:close() print(content())
end
print(io.open(name, "wx") == nil, io.open(name, "r") ~= nil)
os.remove(name)
