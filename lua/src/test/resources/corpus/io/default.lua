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
print(io.type(io.output()), io.output() == io.stdout, io.input() == io.stdin)
local f = io.open(name, "w") f:write("first\nsecond\n3 4\n") f:close()
print(io.type(io.input(name))) show(io.read()) show(io.read("*l")) show(io.read("*n", "*n")) show(io.read("*a")) show(io.read()) show(io.close(io.input())) show(pcall(io.read)) io.input(io.stdin)
print(io.type(io.output(name .. ".2"))) print(io.write("text") == true, io.output() == io.stdout) show(io.close()) show(pcall(io.write, "x")) io.output(io.stdout) for line in io.lines(name .. ".2") do print(line) end os.remove(name .. ".2")
try([==[io.input("/nonexistent")]==], function() return io.input("/nonexistent") end)
try([==[io.output("/nonexistent/x")]==], function() return io.output("/nonexistent/x") end)
try([==[io.input({})]==], function() return io.input({}) end)
try([==[io.close(5)]==], function() return io.close(5) end)
try([==[io.close({})]==], function() return io.close({}) end)
try([==[io.read("*x")]==], function() return io.read("*x") end)
os.remove(name)
