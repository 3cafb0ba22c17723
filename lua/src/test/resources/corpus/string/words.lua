local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local text = [[The quick brown fox
jumps over 13 lazy dogs, isn't that 3.14 times "nice"?]]
for word in text:gmatch("%a+") do io.write(word:lower(), ".") end print()
print(text:gsub("%s+", " "))
print(text:gsub("(%a)(%a*)", function(a, b) return a:upper() .. b end))
print(text:match('"(.-)"'), text:match("%d+%.%d+"), text:find("dogs", 1, true))
print(("%s=%s"):rep(3, "&"):format(1, 2, 3, 4, 5, 6))
local split = {} for field in ("a;b;;c;"):gmatch("([^;]*);?") do split[#split + 1] = field end print(table.concat(split, "|"))
print(("  trim me  "):match("^%s*(.-)%s*$") .. "|")
print((("x"):rep(10)):gsub("x", "ab", 3))
print(("%5.1f|%-8s|%03d|%x|%q"):format(3.14159, "ab", 7, 255, "q\n"))
