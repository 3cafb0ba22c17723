local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[goto 1]==])
try([==[::1::]==])
try([==[::a]==])

try([==[x=1.5LL]==])
try([==[x=0xffffffffffffffffffLL]==])
try([==[x=99999999999999999999LL]==])
try([==[function a.b.c:d.e() end]==])
