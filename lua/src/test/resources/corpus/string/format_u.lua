local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, value in ipairs({0, 1, -1, 65, 255, 65535, 2^31, 2^32, 2^53, -2^31, 3.9, -3.9, 1e15}) do
  for _, flags in ipairs({"", "-", "+", " ", "#", "0", "+0"}) do
    for _, width in ipairs({"", "5", "20", ".0", ".3", "12.7", "7.12"}) do
      local format = "%" .. flags .. width .. "u"
      print(format, (format:format(value):gsub("%z", "<0>")))
    end
  end
end
