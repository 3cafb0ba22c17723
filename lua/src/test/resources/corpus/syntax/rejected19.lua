local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[Lua]==])
try([==[#!shebang
x=]==])
try([==[x = "\400"]==])
try([==[x="tab\	tab"]==])
try([==[x = 1 --[==[ unfinished]==])
try([==[goto]==])
try([==[return goto]==])
try([==[x = goto]==])
