local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
print(os.date("%c", 0) == os.date("%a %b %e %H:%M:%S %Y", 0)) for _, moment in ipairs({0, 1e9, 1.7e9, 1720000000}) do print(os.date("%Y-%m-%d %H:%M:%S %z", moment)) local t = os.date("*t", moment) print(os.time(t) == moment) end
