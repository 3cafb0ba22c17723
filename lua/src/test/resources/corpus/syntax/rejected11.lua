local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[x = 1 // 2]==])
try([==[x = a & b]==])
try([==[x = a ! b]==])
try([==[x = "\]==])
try([==[x = '\8888' ]==])
try([==[é = 1 print(é)]==])
try([==[x=0x1p]==])
try([==[x=0x.p1]==])
