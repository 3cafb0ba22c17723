local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[x = 0x]==])
try([==[x = 3x]==])
try([==[x = 1e]==])
try([==[x = "\q"]==])
try([==[x = "\300"]==])
try([==[x = "\xg1"]==])
try([==[x = "\u{110000}"]==])
try([==[x = "\u{zz}"]==])
