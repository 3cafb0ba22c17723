local function a() print(debug.traceback("here")) end local function b() a() end function globalf() b() end
globalf() local o = {} function o.field() globalf() end o.field() function o:method() o.field() end o:method()
print(xpcall(function() local x = nil + 1 end, debug.traceback)) print(debug.traceback("lvl", 0)) print(debug.traceback(nil)) print(type(debug.traceback({}))) print(debug.traceback(12))
local function rec(n) if n == 0 then error("deep") end rec(n - 1) return 1 end print(select(2, xpcall(function() rec(30) end, debug.traceback))) print(select(2, xpcall(function() rec(8) end, debug.traceback)))
local function tail(n) if n == 0 then return debug.traceback() end return tail(n - 1) end print((tail(3))) print(select(2, xpcall(function() string.rep() end, debug.traceback))) print(select(2, xpcall(function() table.sort({1, 2}, function() error("cmp") end) end, debug.traceback)))
local co = coroutine.create(function() local function inner() coroutine.yield() end inner() end) coroutine.resume(co) print(debug.traceback(co)) print(debug.traceback(co, "msg")) coroutine.resume(co) print(debug.traceback(co))
