local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local function check(n, f) local t = {} for i = 1, n do t[i] = f(i) end table.sort(t) for i = 2, n do assert(t[i - 1] <= t[i]) end return t[1], t[n] end
for _, n in ipairs({0, 1, 2, 3, 4, 5, 10, 100, 1000}) do
  print(n, check(n, function(i) return (i * 7919) % 104729 end)) print(check(n, function(i) return -i end)) print(check(n, function(i) return i end)) print(check(n, function() return 1 end)) print(check(n, function(i) return i % 2 end))
end
