local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[x=.5 y=5. z=0x.8p1 print(x,y,z)]==])
try([==[x = 1..2]==])
try([==[x=08 print(x)]==])
try([==[x=0b101 print(x)]==])
try([==[do goto l1 end local a; ::l1::]==])
try([==[do goto l1; local a; ::l1:: end]==])
try([==[repeat goto c; local z=1; ::c:: until z]==])
try([==[::x:: do ::x:: end]==])
