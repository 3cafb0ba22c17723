local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local function hash(text) local h = 5381 for i = 1, #text do h = bit.tobit(bit.bxor(bit.lshift(h, 5), bit.rshift(h, 2), text:byte(i))) end return bit.tohex(h) end
for _, text in ipairs({"", "a", "hello", ("x"):rep(100)}) do print(hash(text)) end
local x = 123456789 for i = 1, 10 do x = bit.bxor(x, bit.lshift(x, 13)) x = bit.bxor(x, bit.rshift(x, 17)) x = bit.bxor(x, bit.lshift(x, 5)) io.write(x, " ") end print()
