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
local p = io.popen("echo hi; echo there; exit 3") show(p:read()) show(p:read("*a")) show(p:close()) p = io.popen("printf '1 2 3'") show(p:read("*n", "*n", "*n")) p:close() for line in io.popen("printf 'a\nb\n'"):lines() do show(line) end
p = io.popen("cat") show(p:read("*a")) show(p:close()) p = io.popen("exit 1") show(p:read("*a")) show(p:close()) print(io.type(p))
try([==[io.popen()]==], function() return io.popen() end)
try([==[io.popen("x", "rw")]==], function() return io.popen("x", "rw") end)
try([==[io.popen("x", "")]==], function() return io.popen("x", "") end)
try([==[io.popen({})]==], function() return io.popen({}) end)
try([==[io.popen("true", "r"):close()]==], function() return io.popen("true", "r"):close() end)
try([==[io.popen("echo x"):seek("set")]==], function() return io.popen("echo x"):seek("set") end)
