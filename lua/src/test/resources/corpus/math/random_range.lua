local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
math.randomseed(7) local low, high = 1/0, -1/0 for i = 1, 10000 do local r = math.random(0, 2^32 - 1) assert(r >= 0 and r < 2^32 and r % 1 == 0) low = math.min(low, r) high = math.max(high, r) end print(low, high)
local seen = {} for i = 1, 1000 do seen[math.random(3)] = true end print(seen[0], seen[1], seen[2], seen[3], seen[4])
for i = 1, 1000 do local r = math.random() assert(r >= 0 and r < 1) end local sum = 0 for i = 1, 1000 do sum = sum + math.random(-10, 10) end print(sum)
