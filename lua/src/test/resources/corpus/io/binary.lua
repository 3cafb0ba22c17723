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
local all = {} for i = 0, 255 do all[#all + 1] = string.char(i) end local text = table.concat(all) local f = io.open(name, "wb") f:write(text, text) f:close() f = io.open(name, "rb") local back = f:read("*a") print(#back, back == text .. text) 
os.remove(name)
