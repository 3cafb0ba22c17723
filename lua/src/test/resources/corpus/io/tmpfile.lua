local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local f = io.tmpfile() print(io.type(f)) f:write("abc", 12) f:seek("set") show(f:read("*a")) show(f:close()) print(io.type(f))
