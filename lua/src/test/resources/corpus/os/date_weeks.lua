local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, moment in ipairs({0, 86399, 951782400, 978307199, 1230768000, 1262304000, 1e9, -1, -86400 * 365 * 70, 4102444800, 1e11, 1709164800, 1735689599}) do
  for letter in ("uUVwW"):gmatch(".") do io.write(letter, "=", os.date("!%" .. letter, moment), ";") end
  print()
end
