local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[end]==])
try([==[else]==])
try([==[repeat]==])
try([==[repeat

]==])
try([==[x = 'abc\']==])
try([==[x = "a\z   b" .. "\xzz"]==])
try([==[goto = 1]==])
try([==[local goto = 1 goto = 2 print(goto)]==])
