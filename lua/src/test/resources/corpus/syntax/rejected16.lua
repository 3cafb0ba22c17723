local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[a.b]==])
try([==[a]==])
try([==[a.b.c]==])
try([==['a']==])
try([==[1]==])
try([==[(f)]==])
try([==[local function f(x, x) return x end print(f(1,2))]==])
try([==[local x <const> = 1]==])
