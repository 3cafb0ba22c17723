local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, v in ipairs({2.5, -2.5, 0.5, 1e15 + 0.5, -0.5, 2^52 + 0.5, 1e300}) do print(math.floor(v), math.ceil(v), math.floor(v + 0.5), v % 1, (math.modf(v))) end print(math.floor(-0.0) == 0, 1 / math.floor(-0.0), 1 / math.ceil(-0.5))
