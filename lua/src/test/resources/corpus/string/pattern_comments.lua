local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local code = "x = 1 -- one\ny = 2 --[[ two ]] z = 3\n-- three" print((code:gsub("%-%-[^\n]*", ""))) for word, rest in code:gmatch("(%w+)%s*=%s*(%d+)") do print(word, rest) end print(code:match("%-%-%[%[(.-)%]%]")) print(select(2, code:gsub("\n", "")))
