local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local sieve, primes = {}, {} for i = 2, 200 do if not sieve[i] then primes[#primes + 1] = i for j = i * i, 200, i do sieve[j] = true end end end print(#primes, table.concat(primes, " ")) local function gcd(a, b) while b ~= 0 do a, b = b, a % b end return a end print(gcd(48, 18), gcd(17, 5), gcd(0, 5), gcd(2^40, 2^20 * 3))
