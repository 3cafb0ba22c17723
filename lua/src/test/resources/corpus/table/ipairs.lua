local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for i, v in ipairs({1, 2, nil, 4}) do io.write(i, "=", v, " ") end print() for i, v in ipairs({[0] = 0, "a", [3] = "c"}) do io.write(i, "=", v, " ") end print() print(pcall(ipairs)) print(pcall(ipairs, 5)) local f, s, c = ipairs({7}) print(f(s, c)) print(f(s, 1)) print(select("#", f(s, 1)))
