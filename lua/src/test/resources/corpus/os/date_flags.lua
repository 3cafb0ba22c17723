local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, prefix in ipairs({"_", "-", "0", "^", "#"}) do
  for letter in ("aAbBcCdDeFgGhHIjklmMnprRsStTuUVwWxXyYzZ%"):gmatch(".") do io.write(letter, "=", os.date("!%" .. prefix .. letter, 1e9), ";") end
  print()
end
