local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local text = ("abc "):rep(2000) print(#text, select(2, text:gsub("%a+", "")), text:find("c $"), #text:match(".*"), #text:match("^(.-)$")) print(text:find("abcd", 1, true), text:find("abcd"), select("#", text:byte(1, 100))) local n = 0 for _ in text:gmatch("b") do n = n + 1 end print(n) print(#text:gsub("abc", "%0%0"))
