local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[x = $y]==])
try([==[x = ]==])
try([==[x = a..b..]==])
try([==[x = not]==])
try([==[x == 1]==])
try([==[local 1]==])
try([==[local x y]==])
try([==[until x]==])
