local Account = {} Account.__index = Account
function Account.new(b) return setmetatable({balance = b}, Account) end
function Account:deposit(v) self.balance = self.balance + v end
function Account:get() return self.balance end
function run() local a = Account.new(0) for i = 1, 1000000 do a:deposit(i % 3) if a:get() < 0 then error("x") end end return a:get() end
