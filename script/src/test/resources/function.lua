return function() return false end
