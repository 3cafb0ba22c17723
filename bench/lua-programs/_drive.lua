local rounds = tonumber(arg and arg[2] or 10)
dofile(arg[1])
local best, result = math.huge
local first
for i = 1, rounds do
  local t = os.clock()
  result = run()
  t = os.clock() - t
  first = first or t
  if t < best then best = t end
end
print(string.format("%.1f %.1f %s", best * 1000, first * 1000, tostring(result)))
