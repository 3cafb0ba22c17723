local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, text in ipairs({"192.0.2.1", "256.1.1.1", "1.2.3", "2001:db8::1", "10.0.0.0/8", "x"}) do print(text, text:match("^(%d+)%.(%d+)%.(%d+)%.(%d+)$")) print(text:match("^([^/]+)/?(%d*)$")) print((text:gsub("%d+", function(n) return n % 2 == 0 and "even" or nil end))) end
