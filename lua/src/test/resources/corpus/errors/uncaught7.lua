local function a() local x = nil + 1 end
function b() a() end
local o = {} function o.m() b() end function o:n() o.m() end
o:n()
