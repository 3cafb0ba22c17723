print("a".."b", 1 .. "", 1.5 .. "x", -1 .. "", 2^63 .. "", 1e100 .. "|")
local t = {} for i = 1, 10 do t[#t+1] = "x" .. i .. "y" .. i * 2 .. "z" end print(table.concat(t, ","))
local s = "" for i = 1, 20 do s = s .. i end print(s)
print(("x"):rep(3) .. "y" .. ("z"):rep(2))
