local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, prefix in ipairs({"E", "O"}) do
  for letter in ("aAbBcCdDeFgGhHIjklmMnprRsStTuUVwWxXyYzZ%"):gmatch(".") do io.write(letter, "=", os.date("!%" .. prefix .. letter, 1e9), ";") end
  print()
end
