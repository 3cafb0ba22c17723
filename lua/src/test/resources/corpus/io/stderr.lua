local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
io.stderr:write("to stderr\n", 5, "\n") print(io.stderr:write("x\n")) io.stderr:close()
