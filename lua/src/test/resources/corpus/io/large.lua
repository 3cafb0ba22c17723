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
local f = io.open(name, "w") for i = 1, 20000 do f:write(i, "\n") end f:close() f = io.open(name) local sum = 0 for line in f:lines() do sum = sum + tonumber(line) end print(sum) f:seek("set") print(#f:read("*a")) f:seek("set") local count = 0 while f:read("*n") do count = count + 1 end print(count) f:seek("set", 50000) show(f:read(10)) f:close()
f = io.open(name, "w") f:write(("x"):rep(100000)) f:write("y") f:close() f = io.open(name) show(f:read(99999):len(), f:read("*a"))
os.remove(name)
