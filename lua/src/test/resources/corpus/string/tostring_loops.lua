local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local parts = {} for i = -5, 5 do parts[#parts + 1] = i / 4 end print(table.concat(parts, " ")) for e = -10, 20 do io.write(10^e, " ") end print() for i = 1, 12 do io.write(1 / i, " ") end print() for i = 0, 64, 4 do io.write(2^i, " ") end print()
