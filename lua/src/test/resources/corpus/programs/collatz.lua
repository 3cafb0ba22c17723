local best, len = 0, 0 for i = 1, 3000 do local n, c = i, 0 while n ~= 1 do if n % 2 == 0 then n = n / 2 else n = 3 * n + 1 end c = c + 1 end if c > len then best, len = i, c end end print(best, len)
