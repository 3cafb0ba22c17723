local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for i = 0, 255 do
  for _, after in ipairs({"", "1", "x"}) do
    local text = string.char(i) .. after
    if i ~= 13 and i ~= 26 then assert(loadstring("return " .. ("%q"):format(text))() == text, i) end
  end
end
print("ok")
