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
local code = "x = 1 -- one\ny = 2 --[[ two ]] z = 3\n-- three" print((code:gsub("%-%-[^\n]*", ""))) for word, rest in code:gmatch("(%w+)%s*=%s*(%d+)") do print(word, rest) end print(code:match("%-%-%[%[(.-)%]%]")) print(select(2, code:gsub("\n", "")))
