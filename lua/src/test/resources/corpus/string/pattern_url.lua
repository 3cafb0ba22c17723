local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, url in ipairs({"http://example.org:8080/a/b?x=1#f", "https://h/", "ftp://user@host/path", "nope"}) do print(url:match("^(%a+)://([^/:]+):?(%d*)(/?[^?#]*)%??([^#]*)#?(.*)$")) end
print(("a%20b%2Fc"):gsub("%%(%x%x)", function(h) return string.char(tonumber(h, 16)) end)) print(("a b/c&d"):gsub("[^%w]", function(c) return ("%%%02X"):format(c:byte()) end))
