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
local p = io.popen("cat > " .. name, "w") show(p:write("to cat ", 5)) show(p:close()) for line in io.lines(name) do print(line) end show(pcall(p.write, p, "x"))
os.remove(name)
