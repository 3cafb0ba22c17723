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
for _, name in ipairs({"www.example.org.", "example.org", ".", "", "a..b", "xn--bcher-kva.example"}) do local labels = {} for label in name:gmatch("[^.]+") do table.insert(labels, 1, label) end print(name, #labels, table.concat(labels, "."), name:match("([^.]+)%.?$"), name:find(".", 1, true), (name:gsub("%.$", ""))) end
