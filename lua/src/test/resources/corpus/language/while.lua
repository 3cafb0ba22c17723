local i = 0 while i < 5 do i = i + 1 if i == 3 then break end end print(i)
while true do i = i + 1 if i > 10 then break end end print(i)
while false do print("never") end
local n = 0 while n < 3 do local m = 0 while true do m = m + 1 if m == 2 then break end end n = n + 1 end print(n)
