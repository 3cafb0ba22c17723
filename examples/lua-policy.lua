-- Choosing servers and answers with functions of your own.

setLocal("127.0.0.1:5340")
setACL({"127.0.0.0/8"})

newServer({address="127.0.0.1:5441", name="near", order=1})
newServer({address="127.0.0.1:5442", name="far", order=2})
newServer({address="127.0.0.1:5443", name="lab", pool="lab"})

-- The near server as long as it has fewer than 100 unanswered queries, then the far one.
-- Servers are numbered from 1 in their order; a number that isn't there means "no server".
function nearThenFar(servers, dq)
  if servers[1]:isUp() and servers[1]:getOutstanding() < 100 then
    return 1
  end
  return 2
end
setServerPolicyLua("nearThenFar", nearThenFar)

-- Test machines may use the laboratory's names, for everybody else they do not exist.
function laboratory(dq)
  if dq.remoteaddr:toString() == "127.0.0.9" then
    return DNSAction.Pool, "lab"
  end
  return DNSAction.Nxdomain, ""
end
addAction("lab.example.", LuaAction(laboratory))

-- Rules can be functions, too: long names are usually tunnels.
addAction(LuaRule(function(dq) return dq.qname:wirelength() > 120 end), DropAction())

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

-- Clients whose queries fail ask again and again: make them wait for a tenth of a second first.
addResponseAction(RCodeRule(DNSRCode.SERVFAIL), LuaResponseAction(function(dr)
  dr:setTag("failed", dr.qname:toString())
  return DNSResponseAction.Delay, "100"
end))
