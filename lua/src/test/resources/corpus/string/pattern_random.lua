-- Random patterns over random subjects, as a small generator of our own makes them: the same in every implementation.
local seed = 20261130
local function rnd(n) seed = (seed * 1103515245 + 12345) % 2147483648; return math.floor(seed / 65536) % n + 1 end
local items = {"a","b","c","%w","%d","%a","%s","[ab]","[^a]","[%d_]",".","x","%.","=","%%","^","$","-","]"}
local quant = {"","","","*","+","-","?"}
local function pattern()
  local p, open = rnd(6) == 1 and "^" or "", 0
  for i = 1, rnd(6) do
    local r = rnd(12)
    if r == 1 then p = p .. "("; open = open + 1
    elseif r == 2 and open > 0 then p = p .. ")"; open = open - 1
    elseif r == 3 then p = p .. "()"
    elseif r == 4 and rnd(3) == 1 then p = p .. "%1"
    elseif r == 5 and rnd(3) == 1 then p = p .. "%b()"
    elseif r == 6 and rnd(3) == 1 then p = p .. "%f[%w]"
    elseif r == 7 and rnd(8) == 1 then p = p .. ")"
    elseif r == 8 and rnd(12) == 1 then p = p .. "["
    else p = p .. items[rnd(#items)] .. quant[rnd(#quant)] end
  end
  while open > 0 and rnd(10) > 1 do p = p .. (rnd(2) == 1 and ")" or items[rnd(#items)] .. ")"); open = open - 1 end
  if rnd(8) == 1 then p = p .. "$" end
  if rnd(60) == 1 then p = p .. "%" end
  return p
end
local alphabet = {"a","b","c","1","2","_"," ",".","=","(",")","x","-","]","$","^","%","A"}
local function subject() local t = {} for i = 1, rnd(14) - 1 do t[i] = alphabet[rnd(#alphabet)] end return table.concat(t) end
local function show(ok, ...) local t = {tostring(ok)} for i = 1, select("#", ...) do t[#t+1] = tostring((select(i, ...))) end return table.concat(t, "|") end
for i = 1, 3000 do
  local p, s = pattern(), subject()
  print(i, p, s, show(pcall(string.find, s, p)), show(pcall(string.match, s, p, rnd(3))), show(pcall(string.gsub, s, p, "<%0>")))
  local ok, e = pcall(function() local t = {} for a, b in s:gmatch(p) do t[#t+1] = tostring(a) .. "," .. tostring(b) end return table.concat(t, ";") end)
  print(tostring(ok), e)
end
