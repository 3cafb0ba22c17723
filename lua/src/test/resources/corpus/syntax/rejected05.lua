local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[x=1;;]==])
try([==[f
()]==])
try([==[x=f
(1)]==])
try([==[local x = ...; function f() return ... end]==])
try([==[f = 1 + + 2]==])
try([==[a.b:c = 1]==])
try([==[a:b]==])
try([==[a.1=2]==])
