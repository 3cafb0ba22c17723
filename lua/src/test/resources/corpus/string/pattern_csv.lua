local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for line in ("a,b,c\n1,,3\n\"q,r\",x"):gmatch("[^\n]+") do local out = {} for field in (line .. ","):gmatch("(.-),") do out[#out + 1] = field end print(#out, table.concat(out, "|")) end
