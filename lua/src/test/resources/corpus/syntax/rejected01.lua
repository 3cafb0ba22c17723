local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[x = ]==])
try([==[x = }]==])
try([==[x 1]==])
try([==[x = "abc]==])
try([==[x = "abc
y"]==])
try([==[x = [[abc]==])
try([==[--[[ abc]==])
try([==[x = [==abc]==])
