local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local ffi = require("ffi")
ffi.cdef("typedef struct node { int value; struct node *next; } node_t;") local keep, head = {}, nil for i = 1, 10 do local n = ffi.new("node_t", i, head) keep[i] = n head = n end collectgarbage() local sum, n = 0, ffi.new("node_t *", head) while n ~= nil do sum = sum + n.value n = n.next end print(sum)
