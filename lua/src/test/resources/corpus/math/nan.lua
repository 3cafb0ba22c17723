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
local nan = 0/0 print(nan, -nan, nan == nan, nan ~= nan, nan < 1, nan > 1, math.max(nan, 1), math.min(1, nan), nan % 2, 2 ^ nan, nan ^ 0, tostring(nan)) local t = {} print(pcall(function() t[nan] = 1 end)) print(t[nan], rawget(t, nan)) print(math.huge - math.huge, math.huge * 0, math.fmod(1, 0), math.sqrt(-1))
