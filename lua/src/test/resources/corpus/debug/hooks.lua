local n = 0 debug.sethook(function() n = n + 1 end, "", 100) local i = 0 while i < 1000 do i = i + 1 end debug.sethook()
local a = 1
local b = 2
debug.sethook()
print(lines[1] and lines[2] - lines[1])
print(pcall(function() debug.sethook(function() error("stop") end, "", 100) while true do end end)) debug.sethook() print(debug.gethook())
local calls = {} local function f() end debug.sethook(function(e) calls[#calls + 1] = e end, "cr") f() debug.sethook() print(calls[1] ~= nil, #calls > 1)
