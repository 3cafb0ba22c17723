-- Functions for lua-policy.yml, which is loaded after this file.

function laboratory(dq)
  if dq.remoteaddr:toString() == "127.0.0.9" then
    return DNSAction.Pool, "lab"
  end
  return DNSAction.Nxdomain, ""
end

-- Say once a minute which servers are up.
seconds = 0
function maintenance()
  seconds = seconds + 1
  if seconds % 60 == 0 then
    for _, server in ipairs(getServers()) do
      infolog(server:getName() .. (server:isUp() and " is up" or " is down"))
    end
  end
end
