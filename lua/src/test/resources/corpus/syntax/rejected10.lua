local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[function a:b.c() end]==])
try([==[x = function end]==])
try([==[x = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]==])
try([==[x = aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1]==])
try([==[x = #]==])
try([==[x = ~1]==])
try([==[x = 1 ~= ]==])
try([==[x ~ 1]==])
