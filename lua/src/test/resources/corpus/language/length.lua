print(#"", #"abc", #"a\0b", #{}, #{1,2,3}, #{n=1}, #{1,2,3,x=4})
local t = {} for i = 1, 100 do t[i] = i end print(#t) for i = 100, 51, -1 do t[i] = nil end print(#t)
t[#t+1] = "x" print(#t, t[#t]) t[#t] = nil print(#t)
