local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local all = {} for i = 0, 255 do all[#all + 1] = string.char(i) end
local text = table.concat(all)
print(#text, text:byte(1), text:byte(256), text:sub(129, 131):byte(1, -1))
for _, class in ipairs({"a", "c", "d", "g", "l", "p", "s", "u", "w", "x", "z", "A", "C", "D", "G", "L", "P", "S", "U", "W", "X", "Z"}) do
  local count, sum = 0, 0
  for octet in text:gmatch("%" .. class) do count = count + 1 sum = sum + octet:byte() end
  print(class, count, sum)
end
print(text:lower():byte(65, 91)) print(text:upper():byte(97, 123)) print(text:reverse() == text:reverse():reverse():reverse())
