local w = setmetatable({}, {__mode = "v"}) w[1] = {} w[2] = "str" w.x = {} local keep = {} w.k = keep collectgarbage() collectgarbage() print(w[1], w[2], w.x, w.k == keep)
local k = setmetatable({}, {__mode = "k"}) k[{}] = 1 k[keep] = 2 k.s = 3 collectgarbage() collectgarbage() local n = 0 for _ in pairs(k) do n = n + 1 end print(n, k[keep], k.s)
w = setmetatable({}, {__mode = "kv"}) w[keep] = keep print(w[keep] == keep) w[keep] = nil print(next(w)) for i = 1, 5 do w[i] = i end print(#w, w[3])
setmetatable(w, nil) print(#w, w[5]) w = {keep} setmetatable(w, {__mode = "k"}) print(w[1] == keep, #w)
