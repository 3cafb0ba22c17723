local i = 0 repeat i = i + 1 until i >= 3 print(i)
repeat local z = i i = i + 1 until z == 5 print(i)
repeat local done = true if done then break end until false
local fs = {} local k = 0 repeat k = k + 1 local v = k fs[k] = function() v = v + 1 return v end until k == 3 print(fs[1](), fs[1](), fs[2](), fs[3]())
