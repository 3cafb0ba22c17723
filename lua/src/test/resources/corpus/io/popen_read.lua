local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local p = io.popen("echo hi; echo there; exit 3") show(p:read()) show(p:read("*a")) show(p:close()) p = io.popen("printf '1 2 3'") show(p:read("*n", "*n", "*n")) p:close() for line in io.popen("printf 'a\nb\n'"):lines() do show(line) end
p = io.popen("cat") show(p:read("*a")) show(p:close()) p = io.popen("exit 1") show(p:read("*a")) show(p:close()) print(io.type(p))
try([==[io.popen()]==], function() return io.popen() end)
try([==[io.popen("x", "rw")]==], function() return io.popen("x", "rw") end)
try([==[io.popen("x", "")]==], function() return io.popen("x", "") end)
try([==[io.popen({})]==], function() return io.popen({}) end)
try([==[io.popen("true", "r"):close()]==], function() return io.popen("true", "r"):close() end)
try([==[io.popen("echo x"):seek("set")]==], function() return io.popen("echo x"):seek("set") end)
