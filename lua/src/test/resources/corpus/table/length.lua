local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
print(#{}, #{1}, #{1, 2, nil}, #{n = 1}, #{1, nil, 3} >= 1) local t = {} for i = 1, 100 do t[i] = i end print(#t) t[100] = nil print(#t) for i = 99, 50, -1 do t[i] = nil end print(#t) t[51] = 1 print(#t == 49 or #t == 51)
