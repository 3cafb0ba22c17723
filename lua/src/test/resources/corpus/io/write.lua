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
local f = io.open(name, "w")
print(f:write("a", 1, 2.5, "\n", 1e100, "\n", -0, 0/0 ~= 0/0 and "nan" or "")) print(f:write()) print(pcall(f.write, f, nil)) print(pcall(f.write, f, {})) print(pcall(f.write, f, "ok", true)) print(pcall(f.write)) print(pcall(f.write, 5))
print(f:read()) print(f:close()) for line in io.lines(name) do print(line) end
os.remove(name)
