print(("\x00\xff"):byte(1, 2))
print(#[[
]], #"\
", #'\z  ', ("\z   x"))
print("é" == "\195\169", #"é", "日本")
local naïve = 1 print(naïve)
print('\'' .. "\"" .. '"' .. "'")
