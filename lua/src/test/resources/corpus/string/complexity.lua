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
try([==[(("a"):rep(199)):find(("a?"):rep(199))]==], function() return (("a"):rep(199)):find(("a?"):rep(199)) end)
try([==[(("a"):rep(200)):find(("a?"):rep(200))]==], function() return (("a"):rep(200)):find(("a?"):rep(200)) end)
try([==[#(("a"):rep(100000)):match(".*")]==], function() return #(("a"):rep(100000)):match(".*") end)
try([==[#(("a"):rep(100000)):match(".-$")]==], function() return #(("a"):rep(100000)):match(".-$") end)
try([==[(("a"):rep(3000)):find(".-b")]==], function() return (("a"):rep(3000)):find(".-b") end)
try([==[(("a"):rep(100000)):find("(a*)$")]==], function() return (("a"):rep(100000)):find("(a*)$") end)
