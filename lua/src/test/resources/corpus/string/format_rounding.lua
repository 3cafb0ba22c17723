local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, v in ipairs({0.5, 1.5, 2.5, 0.25, 0.35, 0.125, 2.675, 1.005, 1e15 + 0.5, 0.05, 0.15, 99.95, 999.5, 9.5, 0.95}) do print(v, ("%.0f %.1f %.2f %.3f %.1e %.2g %.3g"):format(v, v, v, v, v, v, v)) print(("%.0f %.1f"):format(-v, -v)) end
