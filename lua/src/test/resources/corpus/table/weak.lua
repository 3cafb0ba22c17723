local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local w = setmetatable({}, {__mode = "k"}) local key = {} w[key] = "kept" w[{}] = "lost" collectgarbage() collectgarbage() print(w[key]) local v = setmetatable({}, {__mode = "v"}) local value = {} v[1] = value v.name = "string stays" collectgarbage() print(v[1] == value, v.name)
