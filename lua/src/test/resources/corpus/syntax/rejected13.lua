local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[do ::x:: end goto x]==])
try([==[local function f() goto x end ::x::]==])
try([==[return return]==])
try([==[x = (1]==])
try([==[x = (1

]==])
try([==[f(1

]==])
try([==[x = a[1]==])
try([==[for i=1,2 do]==])
