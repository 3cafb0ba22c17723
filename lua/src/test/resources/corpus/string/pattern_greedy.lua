local function show(...)
  local texts = {}
  for i = 1, select("#", ...) do
    local value = select(i, ...)
    texts[i] = type(value) == "number" and string.format("%.14g", value) or type(value) == "string" and ("%q"):format(value) or tostring(value)
  end
  print(table.concat(texts, " "))
end
local function try(name, f, ...)
  io.write(name, ": ")
  show(pcall(f, ...))
end
try([==[("<b>x</b><b>y</b>"):match("<b>(.*)</b>")]==], function() return ("<b>x</b><b>y</b>"):match("<b>(.*)</b>") end)
try([==[("<b>x</b><b>y</b>"):match("<b>(.-)</b>")]==], function() return ("<b>x</b><b>y</b>"):match("<b>(.-)</b>") end)
try([==[("aXbXc"):match("(.*)X(.*)")]==], function() return ("aXbXc"):match("(.*)X(.*)") end)
try([==[("aXbXc"):match("(.-)X(.*)")]==], function() return ("aXbXc"):match("(.-)X(.*)") end)
try([==[("aaa"):match("^(a-)$")]==], function() return ("aaa"):match("^(a-)$") end)
try([==[("aaa"):match("^(a*)(a-)$")]==], function() return ("aaa"):match("^(a*)(a-)$") end)
try([==[("aaab"):match("(a+)(a*b)")]==], function() return ("aaab"):match("(a+)(a*b)") end)
try([==[("abcabc"):match("(.+)%1")]==], function() return ("abcabc"):match("(.+)%1") end)
try([==[("abab"):match("^(..)%1$")]==], function() return ("abab"):match("^(..)%1$") end)
try([==[("x"):match("^(x?)(x?)$")]==], function() return ("x"):match("^(x?)(x?)$") end)
try([==[("1.2.3"):match("^(.*)%.(.-)$")]==], function() return ("1.2.3"):match("^(.*)%.(.-)$") end)
