local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local s = {} for i = 1, 5 do s[#s + 1] = i * i end print(#s, table.remove(s), table.remove(s), #s) table.insert(s, 1, "bottom") print(table.concat(s, ",")) while table.remove(s) do end print(#s)
