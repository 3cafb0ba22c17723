local function f(a, b) return b, a end print(f(1, 2)) print(f(1)) print((f(1, 2))) print(f(1, 2, 3))
local function none() end print(none()) print((none())) print(none(), 1) print(1, none())
local function many() return 1, 2, 3 end print(many(), many()) print({many(), many()}[5] == nil)
