local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
io.write("a") print("b") io.write("c", "\n") print(1, nil, true, 1.5, "x\0y") print() print(nil) print(("x"):rep(3), setmetatable({}, {__tostring = function() return "custom" end})) io.stdout:write("d\n") print(select(2, pcall(print, setmetatable({}, {__tostring = function() error("bad", 0) end}))))
