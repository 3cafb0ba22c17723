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
local text = ("abc "):rep(2000) print(#text, select(2, text:gsub("%a+", "")), text:find("c $"), #text:match(".*"), #text:match("^(.-)$")) print(text:find("abcd", 1, true), text:find("abcd"), select("#", text:byte(1, 100))) local n = 0 for _ in text:gmatch("b") do n = n + 1 end print(n) print(#text:gsub("abc", "%0%0"))
