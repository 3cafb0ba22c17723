for i = 1, 5 do if i == 1 then io.write("one ") elseif i == 2 then io.write("two ") elseif i == 3 then io.write("three ") else io.write("many ") end end print()
if nil then print(1) elseif false then print(2) end
if 0 then print("zero is true") end if "" then print("empty is true") end
if not nil then if true then print("nested") end end
