local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[break]==])
try([==[if x then]==])
try([==[if x then

foo()]==])
try([==[for i=1 do end]==])
try([==[for i do end]==])
try([==[for 1 do end]==])
try([==[function f(a,1) end]==])
try([==[function f(a,... ,b) end]==])
