local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[x = 0xep1 print(x)]==])
try([==[x=1e400 print(x)]==])
try([==[for a.b=1,2 do end]==])
try([==[for a,b=1,2 do end]==])
try([==[for a,b.c in x do end]==])
try([==[goto continue; ::continue:: print('ok')]==])
try([==[x = 3in]==])
try([==[local a = 1 ::a:: print(a) goto b do ::b:: end]==])
