print(nil and 1, false and 1, 0 and 1, "" and 1)
print(nil or 1, false or 1, 0 or 1, false or nil, nil or false)
print(not nil, not false, not 0, not "", not not 1)
local function f(x) io.write("f", tostring(x), " ") return x end
print(f(nil) and f(1), f(1) and f(2), f(1) or f(2), f(false) or f(2))
print(1 and 2 and 3, nil and 2 and 3, false or nil or 3, (nil or 1) and 2)
local x = 5
print(x > 3 and "big" or "small", x < 3 and "small" or "big", x == 5 and nil or "nil")
if not (x == 4 or x == 6) and x then print("yes") else print("no") end
while x > 0 and not (x == 2) do x = x - 1 end print(x)
