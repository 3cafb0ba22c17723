local function try(text) local f, e = loadstring(text, "=x") print(e or "fine") end
try([==[for i=1,2
end]==])
try([==[while x

]==])
try([==[function f()

]==])
try([==[x=function(

]==])
try([==[local t = {
1,2,
]==])
try([==[if x then else

]==])
try([==[if x then elseif
]==])
try([==[x = "abc\]==])
