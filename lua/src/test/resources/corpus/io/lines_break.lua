local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local name = os.tmpname()
local f = io.open(name, "w") for i = 1, 100 do f:write("line ", i, "\n") end f:close() for line in io.lines(name) do if line == "line 5" then print(line) break end end
local count = 0 for _ in io.lines(name) do count = count + 1 end print(count) f = io.open(name) for line in f:lines() do if line == "line 3" then break end end print(f:read())
os.remove(name)
