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
local function sum(...) local s = 0 for _, v in ipairs({...}) do s = s + v end return s end print(sum(unpack({1, 2, 3, 4})), math.max(unpack({5, 9, 2})), string.char(unpack({72, 105})), select("#", unpack({}, 1, 5)), (unpack({7, 8}))) print(pcall(unpack, {}, 1, 1e7)) local big = {} for i = 1, 200 do big[i] = i end print(select(200, unpack(big)))
