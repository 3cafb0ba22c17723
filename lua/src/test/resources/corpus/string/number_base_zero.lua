for _,s in ipairs{"10\0x","10\0"," 10 \0","10 x","\0","10\0 ","zz\0"," 1 2"} do print(tonumber(s,16),tonumber(s,36),tonumber(s),tonumber(s,10)) end
