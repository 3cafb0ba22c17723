local x = 1
local function f() return x end
local x = 2
print(f(), x)
do local x = 3 print(x) local x = 4 print(x) end
for x = 1, 2 do local x = x * 10 io.write(x, " ") end print(x)
local function g() x = 5 end g() print(x, f())
local function h(x) x = x + 1 return x end print(h(1), x)
repeat local y = 7 until y == 7 print(y)
