local function f() error("uncaught") end
print("before")
f()
