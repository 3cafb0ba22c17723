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
try([==[bit.bxor()]==], function() return bit.bxor() end)
try([==[bit.bxor(5)]==], function() return bit.bxor(5) end)
try([==[bit.bxor(5, 3)]==], function() return bit.bxor(5, 3) end)
try([==[bit.bxor(5, 3, 1)]==], function() return bit.bxor(5, 3, 1) end)
try([==[bit.bxor(-1, 2^32 + 1)]==], function() return bit.bxor(-1, 2^32 + 1) end)
try([==[bit.bxor("7", "0x3")]==], function() return bit.bxor("7", "0x3") end)
try([==[bit.bxor(5, "x")]==], function() return bit.bxor(5, "x") end)
try([==[bit.bxor(1.5, 2.5)]==], function() return bit.bxor(1.5, 2.5) end)
try([==[bit.bxor(0xffffffff, 0xf0f0)]==], function() return bit.bxor(0xffffffff, 0xf0f0) end)
try([==[bit.bxor(1, 2, 4, 8, 16)]==], function() return bit.bxor(1, 2, 4, 8, 16) end)
try([==[bit.bxor(5, nil)]==], function() return bit.bxor(5, nil) end)
try([==[bit.bxor({})]==], function() return bit.bxor({}) end)
