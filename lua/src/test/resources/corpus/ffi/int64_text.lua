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
local ffi = require("ffi")
try([==[tostring(1LL)]==], function() return tostring(1LL) end)
try([==[tostring(-1LL)]==], function() return tostring(-1LL) end)
try([==[tostring(-1ULL)]==], function() return tostring(-1ULL) end)
try([==[tostring(9223372036854775807LL)]==], function() return tostring(9223372036854775807LL) end)
try([==[tostring(0x8000000000000000LL)]==], function() return tostring(0x8000000000000000LL) end)
try([==[tonumber(5LL)]==], function() return tonumber(5LL) end)
try([==[tonumber(-1ULL)]==], function() return tonumber(-1ULL) end)
try([==[tonumber("5LL")]==], function() return tonumber("5LL") end)
try([==[type(1LL)]==], function() return type(1LL) end)
try([==[1LL and 2]==], function() return 1LL and 2 end)
try([==[not 1LL]==], function() return not 1LL end)
try([==[tostring(0xffULL)]==], function() return tostring(0xffULL) end)
try([==[tostring(1ll)]==], function() return tostring(1ll) end)
try([==[tostring(1ull)]==], function() return tostring(1ull) end)
try([==[tonumber(2^53 + 1LL)]==], function() return tonumber(2^53 + 1LL) end)
try([==[tonumber(5LL, 10)]==], function() return tonumber(5LL, 10) end)
