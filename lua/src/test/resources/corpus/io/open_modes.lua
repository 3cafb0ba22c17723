local show, try = dofile(arg[0]:match("^.*/") .. "../_report.lua")
local name = os.tmpname()
local function content() local f = io.open(name) local s = f:read("*a") f:close() return s end
for _, mode in ipairs({"w", "a", "r+", "a", "w+", "a+", "wb", "ab", "r+b", "rw"}) do
  local f, message, code = io.open(name, mode) io.write(mode, " ", tostring(f ~= nil), " ", tostring(message), " ", tostring(code), " ")
  show(f:read("*a")) f:seek("set") show(f:write("<" .. mode .. ">")) f:close() print(content())
end
print(io.open(name, "wx") == nil, io.open(name, "r") ~= nil)
os.remove(name)
