local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local data = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5} local sum, sumsq = 0, 0 for _, v in ipairs(data) do sum = sum + v sumsq = sumsq + v * v end local mean = sum / #data print(mean, math.sqrt(sumsq / #data - mean ^ 2)) table.sort(data) print(data[math.ceil(#data / 2)], math.max(unpack(data)), math.min(unpack(data)))
