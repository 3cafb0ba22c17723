local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, -0.0, 1, -1, 0.5, 1.5, 2.5, -2.5, 0.1, 1/3, 123456789, 1e15, 1e100, -1e-100, 5e-324, 1.7976931348623157e308, 2^53, 2^63, 1/0, -1/0, 0/0}) do
  for _, flags in ipairs({"", "-", "+", " ", "#", "0", "+0", "-#"}) do
    for _, width in ipairs({"", "12", "30"}) do
      local format = "%" .. flags .. width .. ".1a"
      print(format, (format:format(value)))
    end
  end
end
