local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local name = os.tmpname()
local f = io.open(name, "w") f:write("left open") f = nil collectgarbage() local g = io.open(name, "a") g:write("more") g:flush() print(io.open(name):read("*a"):find("more") ~= nil)
os.remove(name)
