local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local t = {"pear", "apple", "fig", "", "Apple", "\200", "a\0b", "a", "10", "9"} table.sort(t)
for _, s in ipairs(t) do io.write(("%q"):format(s), " ") end print()
table.sort(t, function(a, b) return #a < #b or #a == #b and a < b end) for _, s in ipairs(t) do io.write(("%q"):format(s), " ") end print()
