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
local names = {} for name in pairs(getmetatable(io.stdout)) do names[#names + 1] = name end table.sort(names) print(table.concat(names, " ")) print(getmetatable(io.stdout).__index == getmetatable(io.stdout)) names = {} for name in pairs(io) do names[#names + 1] = name end table.sort(names) print(table.concat(names, " "))
try([==[io.stdout.nope]==], function() return io.stdout.nope end)
try([==[io.stdout:nope()]==], function() return io.stdout:nope() end)
try([==[io.stdout + 1]==], function() return io.stdout + 1 end)
try([==[#io.stdout]==], function() return #io.stdout end)
try([==[io.stdout()]==], function() return io.stdout() end)
try([==[io.stdout < io.stderr]==], function() return io.stdout < io.stderr end)
try([==[io.stdout == io.stdout]==], function() return io.stdout == io.stdout end)
try([==[io.stdout .. "x"]==], function() return io.stdout .. "x" end)
