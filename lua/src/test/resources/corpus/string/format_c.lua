local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, 1, 65, 255, 256, 321}) do
  for _, flags in ipairs({"", "-", "0", "5", "-5", "05", ".0"}) do
    local format = "%" .. flags .. "c"
    show(format, format:format(value))
  end
end
