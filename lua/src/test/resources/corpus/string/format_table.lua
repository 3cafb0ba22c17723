local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local rows = {{"name", 1, 0.5}, {"longer name", 22, 1/3}, {"", -333, 1e10}} for _, row in ipairs(rows) do print(("|%-12s|%6d|%10.3f|%-8.2g|%+5d|"):format(row[1], row[2], row[3], row[3], row[2])) end print(("%3d%%"):format(50), ("%%"):format(), ("%5s%%|"):format("x")) print(("%s"):rep(5, " "):format(1, "two", nil, true, 5.5))
