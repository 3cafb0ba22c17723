local line = "GET /index.html?name=value&other=thing HTTP/1.1 host=example.org user-agent=Mozilla/5.0 (X11; Linux)"
function run()
  local n = 0
  for i = 1, 4000 do
    for k, v in line:gmatch("(%w+)=(%w+)") do n = n + #k + #v end
    local s, c = line:gsub("%d+", "#")
    n = n + c + (line:find("Linux", 1, true) or 0)
    if line:match("^(%u+)%s+(%S+)%s+HTTP/%d%.%d") then n = n + 1 end
  end
  return n
end
