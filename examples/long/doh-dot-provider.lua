-- A public service over TLS, HTTPS and plain DNS for those who were there first.
-- The certificates are those of examples/long/certificates, which the test makes.

-- ---------------------------------------------------------------- certificates
local chain = "certificates/server.pem"
local key = "certificates/server.key"
local certificate = newTLSCertificate(chain, {key=key})

-- ---------------------------------------------------------------- listeners
addLocal("127.0.0.1:5530", {reusePort=true})

local tls = {
  minTLSVersion = "tls1.2",
  ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305",
  sessionTickets = true,
  numberOfTicketsKeys = 3,
  ticketsKeysRotationDelay = 7200,
  preferServerCiphers = true,
  maxInFlight = 200,
  maxConcurrentTCPConnections = 1000,
  tcpListenQueueSize = 1024,
}
addTLSLocal("127.0.0.1:5531", chain, key, tls)

addDOHLocal("127.0.0.1:5532", {certificate}, {}, {"/dns-query", "/family"}, {
  minTLSVersion = "tls1.2",
  idleTimeout = 60,
  sendCacheControlHeaders = true,
  keepIncomingHeaders = true,
  trustForwardedForHeader = false,
  exactPathMatching = true,
  customResponseHeaders = {["x-service"] = "dns", ["link"] = "<https://dns.example/>; rel=\"service-meta\""},
  maxConcurrentTCPConnections = 2000,
})
-- What a person sees who opens it in a browser.
local root = newDOHResponseMapEntry("^/$", 307, "https://dns.example/about", {["cache-control"]="max-age=600"})
local robots = newDOHResponseMapEntry("^/robots.txt$", 200, "User-agent: *\nDisallow: /\n")
getDOHFrontend(0):setResponsesMap({root, robots})

-- Behind a reverse proxy that ends TLS.
addDOHLocal("127.0.0.1:5533", nil, nil, "/dns-query", {trustForwardedForHeader=true, reusePort=true})

setACL({"0.0.0.0/0", "::/0"})
setProxyProtocolACL({"127.0.0.2/32"})
setProxyProtocolMaximumPayloadSize(512)

-- ---------------------------------------------------------------- backends
for number, port in ipairs({5631, 5632, 5633}) do
  newServer({
    address = "127.0.0.1:" .. port,
    name = "unfiltered-" .. number,
    useClientSubnet = false,
    maxInFlight = 500,
    tcpRecvTimeout = 5,
    udpTimeout = 2,
    reconnectOnUp = true,
  })
end
for number, port in ipairs({5636, 5637}) do
  newServer({
    address = "127.0.0.1:" .. port,
    name = "family-" .. number,
    pool = "family",
    order = number,
    checkName = "family.example.",
  })
end

setServerPolicy(leastOutstanding)
setPoolServerPolicy(firstAvailable, "family")

local function cache(entries)
  return newPacketCache(entries, {maxTTL=86400, minTTL=0, temporaryFailureTTL=10, shuffle=false, truncatedTTL=2})
end
getPool(""):setCache(cache(300000))
getPool("family"):setCache(cache(100000))

-- ---------------------------------------------------------------- who gets which resolver
addAction(HTTPPathRule("/family"), PoolAction("family"), {name="family by path"})
addAction(SNIRule("family.dns.example"), PoolAction("family"), {name="family by name"})
addAction(HTTPHeaderRule("User-Agent", "^(curl|Wget)/"), SetTagAction("agent", "tool"), {name="tools"})
addAction(HTTPPathRegexRule("^/dns-query/(test|probe)"), HTTPStatusAction(404, "there is nothing here\n", "text/plain"))

-- Only plain DNS can be forged, so only there we are careful.
local plain = OrRule({IncomingProtocolRule("DoUDP"), IncomingProtocolRule("DoTCP")})
addAction(AndRule({plain, QTypeRule(DNSQType.ANY)}), RCodeAction(DNSRCode.NOTIMP))
addAction(AndRule({IncomingProtocolRule("DoUDP"), MaxQPSIPRule(30, 24, 48, 60)}), TCAction(), {name="plain DNS, slowly"})
addAction(MaxQPSIPRule(400, 32, 64, 1000), RCodeAction(DNSRCode.REFUSED), {name="others, too"})

-- Discovery of designated resolvers (RFC 9462).
addAction(AndRule({QNameRule("_dns.resolver.arpa."), QTypeRule(64)}), SpoofSVCAction({
  newSVCRecordParameters(1, "dns.example.", {mandatory={"port"}, alpn={"dot"}, port=853, ipv4hint={"192.0.2.1"}, ipv6hint={"2001:db8::1"}}),
  newSVCRecordParameters(2, "dns.example.", {alpn={"h2"}, port=443, ipv4hint={"192.0.2.1"}, key7="/dns-query{?dns}"}),
}, {ttl=600}), {name="discovery"})
addAction(QNameSuffixRule("resolver.arpa."), RCodeAction(DNSRCode.NXDOMAIN))

-- Special names that have no business in the world.
addAction(QNameSuffixRule({"local.", "localhost.", "invalid.", "test.", "onion."}), RCodeAction(DNSRCode.NXDOMAIN), {name="special"})
addAction(SuffixMatchNodeRule({"home.arpa.", "lan.", "intranet."}), RCodeAction(DNSRCode.NXDOMAIN))

-- Who asks: nothing is told to servers that has not to be known.
addAction(AllRule(), SetDisableECSAction(), {name="privacy"})
addAction(TagRule("agent", "tool"), SetMaxReturnedTTLAction(60))

-- ---------------------------------------------------------------- answers
addResponseAction(AndRule({QNameSuffixRule("rebind.example."), RecordsTypeCountRule(DNSSection.Answer, DNSQType.A, 1, 65535)}), DropResponseAction())
addResponseAction(ERCodeRule(DNSRCode.BADVERS), SetExtendedDNSErrorResponseAction(0, "which version?"))
addResponseAction(AllRule(), SetMaxTTLResponseAction(86400))
addSelfAnsweredResponseAction(AllRule(), SetTagResponseAction("by", "us"))

-- ---------------------------------------------------------------- limits of streams
setMaxTCPClientThreads(4)
setMaxTCPConnectionsPerClient(100)
setMaxTCPQueriesPerConnection(0)
setMaxTLSNewSessionRatePerClient(20)
setMaxTLSResumedSessionRatePerClient(100)
setTCPConnectionsMaskV4(32)
setTCPConnectionsMaskV6(64)
setTCPRecvTimeout(10)
setTCPSendTimeout(5)
setMaxTCPReadIOsPerQuery(30)
setBanDurationForExceedingMaxReadIOsPerQuery(120)
setDoHDownstreamMaxIdleTime(60)
setMaxIdleDoHConnectionsPerDownstream(5)
setMaxCachedTCPConnectionsPerDownstream(20)
setTCPDownstreamMaxIdleTime(30)

-- ---------------------------------------------------------------- the web server
webserver("127.0.0.1:5534")
setWebserverConfig({
  password = "$scrypt$ln=10,p=1,r=8$6DKLnvUYEeXWh3JNOd3iwg==$kSrhdHaRbZ7R74q3lGBqO1xetgxRxhmWzYJ2Qvfm7JM=",
  apiKey = "$scrypt$ln=10,p=1,r=8$9v8JxDfzQVyTpBkTbkUqYg==$bDQzAOHeK1G9UvTPypNhrX48w974ZXbFPtRKS34+aso=",
  acl = "127.0.0.1/32, ::1/128",
  statsRequireAuthentication = false,
  customHeaders = {["X-Frame-Options"] = "DENY"},
  maxConcurrentConnections = 50,
})
setAPIWritable(false)
