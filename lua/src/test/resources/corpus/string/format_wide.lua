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
try([==[("%d"):format(5LL)]==], function() return ("%d"):format(5LL) end)
try([==[("%d"):format(-5LL)]==], function() return ("%d"):format(-5LL) end)
try([==[("%x"):format(-1LL)]==], function() return ("%x"):format(-1LL) end)
try([==[("%u"):format(-1LL)]==], function() return ("%u"):format(-1LL) end)
try([==[("%u"):format(18446744073709551615ULL)]==], function() return ("%u"):format(18446744073709551615ULL) end)
try([==[("%o"):format(8ULL)]==], function() return ("%o"):format(8ULL) end)
try([==[("%s"):format(5LL)]==], function() return ("%s"):format(5LL) end)
try([==[("%s"):format(5ULL)]==], function() return ("%s"):format(5ULL) end)
try([==[("%5d|"):format(5LL)]==], function() return ("%5d|"):format(5LL) end)
try([==[("%f"):format(5LL)]==], function() return ("%f"):format(5LL) end)
try([==[("%c"):format(65LL)]==], function() return ("%c"):format(65LL) end)
