a = 1 print(a, _G.a, _G["a"]) _G.b = 2 print(b) _G["c d"] = 3 print(_G["c d"]) a = nil print(rawget(_G, "a")) print(undefined)
setmetatable(_G, {__index = function(_, n) return "no " .. n end, __newindex = function(t, n, v) rawset(t, n, v .. "!") end}) print(missing) fresh = "new" print(fresh) fresh = "old" print(fresh) setmetatable(_G, nil) print(missing)
