local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
for _, name in ipairs({"www.example.org.", "example.org", ".", "", "a..b", "xn--bcher-kva.example"}) do local labels = {} for label in name:gmatch("[^.]+") do table.insert(labels, 1, label) end print(name, #labels, table.concat(labels, "."), name:match("([^.]+)%.?$"), name:find(".", 1, true), (name:gsub("%.$", ""))) end
