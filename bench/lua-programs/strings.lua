function run()
  local parts = {}
  for i = 1, 60000 do parts[#parts + 1] = "item " .. i .. ";" end
  local s = table.concat(parts)
  local n = 0
  for i = 1, #s, 7 do n = n + s:byte(i) end
  local r = ""
  for i = 1, 2000 do r = r .. i end
  return n + #r + #s:upper():sub(10, -10):rep(2)
end
