function run()
  local seed, t = 42, {}
  for i = 1, 30000 do seed = (seed * 16807) % 2147483647 t[i] = seed end
  table.sort(t)
  table.sort(t, function(a, b) return a > b end)
  return t[1] + t[#t]
end
