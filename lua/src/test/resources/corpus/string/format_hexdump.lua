local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local text = "Hello\0\1\200World" local hex = text:gsub(".", function(c) return ("%02x "):format(c:byte()) end) print(hex) print((text:gsub("[^%g ]", "."))) for i = 1, #text, 4 do print(("%08x  %-12s %q"):format(i - 1, text:sub(i, i + 3):gsub(".", function(c) return ("%02X"):format(c:byte()) end), text:sub(i, i + 3))) end
