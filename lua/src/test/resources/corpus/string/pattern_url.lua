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
for _, url in ipairs({"http://example.org:8080/a/b?x=1#f", "https://h/", "ftp://user@host/path", "nope"}) do print(url:match("^(%a+)://([^/:]+):?(%d*)(/?[^?#]*)%??([^#]*)#?(.*)$")) end
print(("a%20b%2Fc"):gsub("%%(%x%x)", function(h) return string.char(tonumber(h, 16)) end)) print(("a b/c&d"):gsub("[^%w]", function(c) return ("%%%02X"):format(c:byte()) end))
