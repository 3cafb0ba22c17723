local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local name = os.tmpname()
local f = io.open(name, "w")
print(f:write("a", 1, 2.5, "\n", 1e100, "\n", -0, 0/0 ~= 0/0 and "nan" or "")) print(f:write()) print(pcall(f.write, f, nil)) print(pcall(f.write, f, {})) print(pcall(f.write, f, "ok", true)) print(pcall(f.write)) print(pcall(f.write, 5))
print(f:read()) print(f:close()) for line in io.lines(name) do print(line) end
os.remove(name)
