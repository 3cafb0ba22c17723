local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[f() = 1]==])
try([==[(a) = 1]==])
try([==[a, f() = 1]==])
try([==[x = {1,2]==])
try([==[x = {1,2

3]==])
try([==[x = {[1] 2}]==])
try([==[x = {a=}]==])
try([==[x = @]==])
