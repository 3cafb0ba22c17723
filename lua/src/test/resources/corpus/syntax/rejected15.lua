local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[x = [=[ abc ]] 
]==])
try([==[--[=[ abc ]] 
 x]==])
try([==[x = '\u{7fffffff}']==])
try([==[x = nil nil]==])
try([==[x = 1 2]==])
try([==[x = a 'b' 'c' 3]==])
try([==[x = {} {}]==])
try([==[x='a'
'b']==])
