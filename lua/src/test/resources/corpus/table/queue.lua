local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local q = {} for i = 1, 10 do table.insert(q, i) end local out = {} while #q > 0 do out[#out + 1] = table.remove(q, 1) if out[#out] == 3 then table.insert(q, 99) end end print(table.concat(out, " "))
