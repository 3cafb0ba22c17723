error(setmetatable({}, {__tostring = function() return "object" end}))
