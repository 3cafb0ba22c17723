local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local name = os.tmpname()
for _, text in ipairs({"12", " 12 13", "1.5e3x", "0x10", "0x1p4 ", "-5", "+5", "abc", "", "1e", "1e+", ".5", "5.", ".", "-", "inf", "nan", "12\n13", "1,2", "00012", "1e5e5", "--1", "0b1", "1 x 2"}) do
  local f = io.open(name, "w") f:write(text) f:close() f = io.open(name) io.write(("%q"):format(text), ": ") show(f:read("*n", "*n")) show(f:read("*a")) f:close()
end
os.remove(name)
