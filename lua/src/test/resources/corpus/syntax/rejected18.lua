local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[return;;]==])
try([==[return; x]==])
try([==[break]==])
try([==[do break end]==])
try([==[while 1 do local function f() break end end]==])
try([==[x=[[

]] y]==])
try([==[x = 'a
b']==])
try([==[x = a.'b']==])
