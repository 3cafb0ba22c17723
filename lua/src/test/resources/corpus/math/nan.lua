local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local nan = 0/0 print(nan, -nan, nan == nan, nan ~= nan, nan < 1, nan > 1, math.max(nan, 1), math.min(1, nan), nan % 2, 2 ^ nan, nan ^ 0, tostring(nan)) local t = {} print(pcall(function() t[nan] = 1 end)) print(t[nan], rawget(t, nan)) print(math.huge - math.huge, math.huge * 0, math.fmod(1, 0), math.sqrt(-1))
