local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[local function 1() end]==])
try([==[goto x]==])
try([==[goto x; local a; ::x:: print(1)]==])
try([==[::a:: ::a::]==])
try([==[return 1 x]==])
try([==[break x]==])
try([==[while true do break; x=1 end]==])
try([==[;]==])
