local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local t = {} for i = 1, 20 do t[i] = i end for i = #t, 1, -1 do if t[i] % 3 == 0 then table.remove(t, i) end end print(table.concat(t, " ")) local i = 1 while i <= #t do if t[i] % 2 == 0 then table.remove(t, i) else i = i + 1 end end print(table.concat(t, " "))
