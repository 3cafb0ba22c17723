for i = 1, 3 do for j = 1, 3 do if j == 2 then goto continue end io.write(i, ":", j, " ") ::continue:: end end print()
do local i = 1 ::top:: if i <= 3 then io.write(i, " ") i = i + 1 goto top end end print()
do goto skip print("never") ::skip:: print("skipped") end
local function find(t, x) for i, v in ipairs(t) do if v == x then goto found end end do return "none" end ::found:: return "found" end
print(find({1, 2}, 2), find({1, 2}, 3))
local fs = {} do local i = 1 ::again:: local x = i fs[i] = function() x = x + 1 return x end i = i + 1 if i <= 3 then goto again end end print(fs[1](), fs[1](), fs[2](), fs[3]())
goto = 5 print(goto) local t = {goto = 1} print(t.goto)
while true do do goto out end end ::out:: print("out")
