local function bottomUp(depth)
  if depth > 0 then
    depth = depth - 1
    local left, right = bottomUp(depth), bottomUp(depth)
    return {left, right}
  else
    return {}
  end
end
local function check(tree) if tree[1] then return 1 + check(tree[1]) + check(tree[2]) else return 1 end end
function run() local total = 0 for i = 1, 20 do total = total + check(bottomUp(12)) end return total end
