print(pcall(os.exit, "x")) print(pcall(os.exit, {})) os.exit(true)
