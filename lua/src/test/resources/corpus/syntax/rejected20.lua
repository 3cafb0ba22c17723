local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[print(goto)]==])
try([==[goto.x = 1]==])
try([==[x = '\x1']==])
