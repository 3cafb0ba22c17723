pcall(pcall, os.exit, 7) print("not reached")
