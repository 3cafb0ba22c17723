pcall(function() coroutine.wrap(function() os.exit(false) end)() end) print("not reached")
