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
try([==[bit.tohex(0xdeadbeef, 0)]==], function() return bit.tohex(0xdeadbeef, 0) end)
try([==[bit.tohex(0xdeadbeef, 1)]==], function() return bit.tohex(0xdeadbeef, 1) end)
try([==[bit.tohex(0xdeadbeef, 4)]==], function() return bit.tohex(0xdeadbeef, 4) end)
try([==[bit.tohex(0xdeadbeef, 8)]==], function() return bit.tohex(0xdeadbeef, 8) end)
try([==[bit.tohex(0xdeadbeef, 9)]==], function() return bit.tohex(0xdeadbeef, 9) end)
try([==[bit.tohex(0xdeadbeef, -4)]==], function() return bit.tohex(0xdeadbeef, -4) end)
try([==[bit.tohex(0xdeadbeef, -8)]==], function() return bit.tohex(0xdeadbeef, -8) end)
try([==[bit.tohex(0xdeadbeef, -9)]==], function() return bit.tohex(0xdeadbeef, -9) end)
try([==[bit.tohex(0xdeadbeef, 16)]==], function() return bit.tohex(0xdeadbeef, 16) end)
try([==[bit.tohex(0xdeadbeef, -16)]==], function() return bit.tohex(0xdeadbeef, -16) end)
try([==[bit.tohex(0xdeadbeef, 2^31)]==], function() return bit.tohex(0xdeadbeef, 2^31) end)
try([==[bit.tohex(0xdeadbeef, "x")]==], function() return bit.tohex(0xdeadbeef, "x") end)
try([==[bit.tohex(0xdeadbeef, "3")]==], function() return bit.tohex(0xdeadbeef, "3") end)
try([==[bit.tohex(0xdeadbeef, 1.9)]==], function() return bit.tohex(0xdeadbeef, 1.9) end)
try([==[bit.tohex(0xdeadbeef, nil)]==], function() return bit.tohex(0xdeadbeef, nil) end)
try([==[bit.tohex(0xdeadbeef, {})]==], function() return bit.tohex(0xdeadbeef, {}) end)
