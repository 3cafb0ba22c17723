package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Can each registered function be called as configurations and consoles call it? */
class EveryFunctionTest {
    private static final List<String> CALLS = """
            addACL("192.0.2.0/24")
            rmACL("127.0.0.0/8")
            setACL({"127.0.0.0/8", "::1"})
            setACLFromFile("/dev/null")
            setProxyProtocolACL({"127.0.0.2"})
            setLocal("127.0.0.1:5300", {doTCP=true, reusePort=true, interface="lo", cpus={1}})
            addLocal("[::1]:5300")
            getObjectFromYAMLConfiguration("none")
            webserver("127.0.0.1:8083", "password", "key", {a="b"}, "127.0.0.0/8, ::1")
            setWebserverConfig({password="a", acl="127.0.0.1", customHeaders={["X-A"]="b"}})
            showWebserverConfig()
            webserver("/run/none/web.sock", {mode="0600", owner="root", group="root"})
            carbonServer("127.0.0.1", "us", 30, "name", "space")
            hashPassword("x", 5)
            setAPIWritable(true, "/tmp")
            setWebserverBindFatal(true)
            setLuaTimeLimit(7.5)
            registerWebHandler("/a", f)
            getBind(99)
            getBindCount()
            addDNSCryptBind("127.0.0.1:8443", "2.a.", {}, {}, {reusePort=true, cpus={1}})
            generateDNSCryptProviderKeys("target/provider.pub", "target/provider.key")
            generateDNSCryptProviderKeys("target/p", "target/k") generateDNSCryptCertificate("target/k", "target/c", "target/r", 1, 2, 3)
            generateDNSCryptProviderKeys("target/p", "target/k") printDNSCryptProviderFingerprint("target/p")
            getDNSCryptBind(0)
            getDNSCryptBindCount()
            showDNSCryptBinds()
            getDOHFrontend(0)
            getDOHFrontendCount()
            getDOH3Frontend(0)
            getDOH3FrontendCount()
            getDOQFrontend("192.0.2.1:853")
            getDOQFrontendCount()
            addDOQLocal("192.0.2.1", "/c", "/k", {congestionControlAlgo="bbr", idleTimeout=3})
            showDOQFrontends()
            addDOH3Local("192.0.2.1", "/c", "/k", {congestionControlAlgo="reno", idleTimeout=3})
            showDOH3Frontends()
            getTLSFrontend(0)
            getTLSContext(0)
            addDOHLocal("192.0.2.1", "/c", "/k", {"/a", "/b"}, {customResponseHeaders={["x-a"]="b"}})
            addDOHLocal("192.0.2.2")
            newDOHResponseMapEntry("^/a", 200, "b", {["c"]="d"})
            showDOHFrontends()
            showDOHResponseCodes()
            HTTPHeaderRule("a", "b")
            HTTPPathRegexRule("a")
            HTTPPathRule("/a")
            HTTPStatusAction(200, "a", "text/plain", {aa=true})
            addTLSLocal("192.0.2.1", "/c", "/k", {maxInFlight=3})
            newTLSCertificate("/c", {key="/k"})
            loadTicketsKey(string.rep("a", 80))
            generateOCSPResponse("/c", "/a", "/k", "/dev/null", 1, 2)
            getOutgoingTLSSessionCacheSize()
            requestDoHStatesDump()
            requestTCPStatesDump()
            setTicketsKeyAddedHook(f)
            loadTLSEngine("a")
            loadTLSProvider("a")
            reloadAllCertificates()
            showTLSContexts()
            showTLSErrorCounters()
            showTLSFrontends()
            setMaxTLSNewSessionRatePerClient(1)
            setMaxTLSResumedSessionRatePerClient(1)
            SNIRule("a")
            getTLSFrontendCount()
            newBPFFilter(10, 10, 10):block(newCA("192.0.2.1"))
            setDefaultBPFFilter(newBPFFilter({ipv4MaxItems=10, cidr4MaxItems=10, suffixesMaxItems=5}))
            registerDynBPFFilter(newDynBPFFilter(newBPFFilter(1, 1, 1)))
            unregisterDynBPFFilter(newDynBPFFilter(newBPFFilter(1, 1, 1)))
            addBPFFilterDynBlocks({[newCA("192.0.2.1")]=7}, newDynBPFFilter(newBPFFilter(1, 1, 1)), 10, "why")
            newServer({address="127.0.0.1:5301", id="one", pool={"a", "b"}, source="127.0.0.1", checkFunction=f})
            newServer("127.0.0.1:5302", 10)
            getServer("one"):setDown()
            getServers()
            rmServer(0)
            getPool("a"):setCache(newPacketCache(1000, {maxTTL=1, skipOptions={1}, payloadRanks={600}}))
            getPoolNames()
            getPoolServers("a")
            setServerPolicy(newServerPolicy("p", f))
            setServerPolicyLua("q", f)
            setPoolServerPolicy(wrandom, "a")
            setPoolServerPolicyLua("r", f, "a")
            showServerPolicy()
            showPoolServerPolicy("a")
            fixupCase(true)
            truncateTC(true)
            setAddEDNSToSelfGeneratedResponses(true)
            setAllowEmptyResponse(true)
            setCacheCleaningDelay(60)
            setCacheCleaningPercentage(50)
            setDropEmptyQueries(true)
            setECSOverride(true)
            setECSSourcePrefixV4(24)
            setECSSourcePrefixV6(56)
            setMaxTCPConnectionDuration(1)
            setMaxTCPQueriesPerConnection(1)
            setPayloadSizeOnSelfGeneratedAnswers(1232)
            setProxyProtocolApplyACLToProxiedClients(true)
            setProxyProtocolMaximumPayloadSize(512)
            setRoundRobinFailOnNoServer(true)
            setServFailWhenNoServer(true)
            setServerID("id") getServerID()
            setStaleCacheEntriesTTL(1)
            setTCPRecvTimeout(1)
            setTCPSendTimeout(1)
            setSecurityPollInterval(1)
            setSecurityPollSuffix("")
            showSecurityStatus()
            refreshRuntimeConfiguration()
            setTCPUseSinglePipe(true)
            setBanDurationForExceedingMaxReadIOsPerQuery(1)
            addCapabilitiesToRetain({"CAP_BPF"})
            newCA("192.0.2.1"):ipencrypt(makeIPCipherKey("a")):ipdecrypt(makeIPCipherKey("a"))
            setBanDurationForExceedingTCPTLSRate(1)
            setConsistentHashingBalancingFactor(1.5)
            setMaxCachedTCPConnectionsPerDownstream(1)
            setMaxTCPClientThreads(1)
            setMaxTCPConnectionRatePerClient(1)
            setMaxTCPConnectionsPerClient(1)
            setMaxTCPQueuedConnections(1)
            setMaxTCPReadIOsPerQuery(1)
            setMaxUDPOutstanding(1)
            setRandomizedIdsOverUDP(true)
            setRandomizedOutgoingSockets(true)
            setRingBuffersSize(1, 1)
            setRingBuffersLockRetries(1)
            setRingBuffersOptions({samplingRate=1, recordQueries=true, recordResponses=true, lockRetries=1})
            setTCPConnectionRateInterval(1)
            setTCPConnectionsMaskV4(32)
            setTCPConnectionsMaskV4Port(0)
            setTCPConnectionsMaskV6(64)
            setTCPConnectionsOverloadThreshold(90)
            setTCPDownstreamCleanupInterval(1)
            setTCPDownstreamMaxIdleTime(1)
            setTCPFastOpenKey("0-1-2-ffffffff")
            setTCPInternalPipeBufferSize(1)
            setDoHDownstreamCleanupInterval(1)
            setDoHDownstreamMaxIdleTime(1)
            setMaxIdleDoHConnectionsPerDownstream(1)
            setOutgoingDoHWorkerThreads(1)
            setOutgoingTLSSessionsCacheCleanupDelay(1)
            setOutgoingTLSSessionsCacheMaxTicketValidity(1)
            setOutgoingTLSSessionsCacheMaxTicketsPerBackend(1)
            setUDPMultipleMessagesVectorSize(1)
            setUDPSocketBufferSizes(1, 1)
            setUDPTimeout(1)
            setWeightedBalancingFactor(1.5)
            setWHashedPertubation(1)
            setWHashedPerturbation(1)
            addAction(makeRule({"a.", "b."}), AllowAction(), {name="n", uuid="6bf8a2e7-9b0a-4d3e-8d9a-0d2f9f8c7e6f"})
            addAction("192.0.2.0/24", DropAction())
            addAction(newDNSName("a."), NoneAction())
            setRules({newRuleAction(AllRule(), DropAction())})
            setCacheMissRules({newRuleAction(AllRule(), DropAction())})
            AndRule({AllRule(), DNSSECRule()})
            OrRule({DSTPortRule(53), ERCodeRule(16)})
            LuaRule(f)
            MaxQPSIPRule(1, 24, 48, 2, 3, 4, 5, 6)
            MaxQPSRule(1)
            NetmaskGroupRule(newNMG(), false, true)
            NotRule(OpcodeRule(1))
            PoolAvailableRule("a")
            PoolOutstandingRule("a", 1)
            ProbaRule(0.5)
            QClassRule(1)
            QNameLabelsCountRule(1, 2)
            QNameRule("a.")
            QNameSetRule(newDNSNameSet())
            QNameSuffixRule({"a.", "b."}, true)
            QNameWireLengthRule(1, 2)
            QTypeRule("AAAA")
            RCodeRule(1)
            RDRule()
            RE2Rule("a+")
            RegexRule("[[:digit:]]+")
            SuffixMatchNodeRule(newSuffixMatchNode(), true)
            TagRule("a", "b")
            TCPRule(true)
            EDNSOptionRule(8)
            EDNSVersionRule(0)
            IncomingProtocolRule("DoUDP")
            PayloadSizeRule("greater", 1)
            ProxyProtocolValueRule(1, "a")
            RecordsCountRule(DNSSection.Answer, 0, 1)
            RecordsTypeCountRule(DNSSection.Answer, DNSQType.A, 0, 1)
            TrailingDataRule()
            ContinueAction(DelayAction(1))
            ERCodeAction(16, {aa=true})
            LogAction()
            LuaAction(f)
            NegativeAndSOAAction(true, "a.", 1, "b.", "c.", 1, 2, 3, 4, 5, {soaInAuthoritySection=true})
            PoolAction("a", false)
            QPSAction(1)
            QPSPoolAction(1, "a", false)
            RCodeAction(1, {ra=true})
            SetAdditionalProxyProtocolValueAction(1, "a")
            SetDisableECSAction()
            SetDisableValidationAction()
            SetECSAction("192.0.2.0/24", "2001:db8::/32")
            SetECSOverrideAction(true)
            SetECSPrefixLengthAction(24, 56)
            SetEDNSOptionAction(10, "a")
            SetExtendedDNSErrorAction(1, "a")
            SetMaxReturnedTTLAction(1)
            SetNoRecurseAction()
            SetProxyProtocolValuesAction({[1]="a"})
            SetSkipCacheAction()
            SetTagAction("a", "b")
            SetTempFailureCacheTTLAction(1)
            SpoofAction({"192.0.2.1", "::1"}, {ttl=1})
            SpoofCNAMEAction("a.", {aa=true})
            SpoofPacketAction(("x"):rep(20), 20)
            SpoofRawAction({"a", "b"}, {typeForAny=1})
            TCAction()
            UnsetTagAction("a")
            SetMacAddrAction(5)
            SpoofSVCAction({newSVCRecordParameters(1, ".", {alpn={"h2"}, key7="a"})}, {ttl=1})
            TeeAction("127.0.0.1:1", true, "127.0.0.1", true):printStats()
            TimedIPSetRule():slice():toString()
            benchRule(AllRule(), 10, "a.")
            newNetworkEndpoint("/a"):isValid()
            local l = newNetworkListener() l:addUnixListeningEndpoint("/b", 1, f) l:addUnixListeningEndpointFFI("/c", 2, f) l:start()
            newThread("local a = 1")
            pcall(function() getAsynchronousObject(1, 2) end)
            pcall(function() submitToMainThread("a", {}) end)
            KeyValueStoreLookupRule(newCDBKVStore("/dev/null", 0), KeyValueLookupKeyQName()):toString()
            KeyValueStoreRangeLookupRule(newLMDBKVStore("/dev/null", "x", true), KeyValueLookupKeySuffix(1, false)):toString()
            KeyValueStoreLookupAction(newMMDBKVStore(openMMDB("/dev/null", {mmap=true}), "x"), KeyValueLookupKeySourceIP(24, 48, true), "t")
            KeyValueStoreRangeLookupAction(newMMDBKVStore(openMMDB("/dev/null"), {"x"}), KeyValueLookupKeyTag("a"), "t")
            LuaFFIRule(f) LuaFFIAction(f) LuaFFIResponseAction(f)
            LuaFFIPerThreadRule("return f") LuaFFIPerThreadAction("return f") LuaFFIPerThreadResponseAction("return f")
            setServerPolicyLuaFFI("p", f) setServerPolicyLuaFFIPerThread("p", "return f")
            setPoolServerPolicyLuaFFI("p", f, "a") setPoolServerPolicyLuaFFIPerThread("p", "return f", "a")
            dynBlockRulesGroup():setSuffixMatchRuleFFI(1, "r", 1, 0, f)
            newServer("192.0.2.1"):setHealthCheckResponseValidator(f)
            local p = "\\0\\1\\128\\0\\0\\1\\0\\1\\0\\0\\0\\0\\1a\\0\\0\\1\\0\\1\\192\\12\\0\\1\\0\\1\\0\\0\\0\\9\\0\\4\\1\\2\\3\\4" local r = newDNSPacketOverlay(p):getRecord(0) parseARecord(p, r) parseAddressRecord(p, r)
            pcall(function() parseAAAARecord("", nil) end) pcall(function() parseCNAMERecord("", nil) end)
            setResponseRules({newRuleAction(AllRule(), DropResponseAction())})
            getTopTimeoutResponseRule()
            getTopSelfAnsweredRules(1)
            declareMetric("a", "counter", "b")
            declareMetric("a", "counter", "b") incMetric("a", 2) decMetric("a", {step=1})
            declareMetric("a", "gauge", "b", {name="c", withLabels=true}) setMetric("a", 2, {labels={d="e"}}) getMetric("a")
            ClearRecordTypesResponseAction({DNSQType.A, "TXT"})
            LimitTTLResponseAction(1, 2, {1, "AAAA"})
            AllowResponseAction()
            DelayResponseAction(1)
            DropResponseAction()
            LimitTTLResponseAction(1, 2)
            LogResponseAction()
            LuaResponseAction(f)
            SetEDNSOptionResponseAction(10, "a")
            SetExtendedDNSErrorResponseAction(1)
            SetMaxReturnedTTLResponseAction(1)
            SetMaxTTLResponseAction(1)
            SetMinTTLResponseAction(1)
            SetReducedTTLResponseAction(50)
            SetSkipCacheResponseAction()
            SetTagResponseAction("a", "b")
            TCResponseAction()
            UnsetTagResponseAction("a")
            newCA("192.0.2.1:53"):toStringWithPort()
            newCAFromRaw("abcd", 1)
            newDNSNameFromRaw("\\1a\\0")
            newNetmask("192.0.2.0/24"):getBits()
            newQPSLimiter(1, 1):check()
            getCurrentTime().tv_sec
            getListOfAddressesOfNetworkInterface("lo")
            getListOfNetworkInterfaces()
            getListOfRangesOfNetworkInterface("lo")
            getMACAddress("192.0.2.1")
            getResolvers("/dev/null")
            errlog("a")
            infolog("a")
            vinfolog("a")
            warnlog("a")
            setVerbose(getVerbose())
            setVerboseHealthChecks(true)
            setStructuredLogging(true, {timeFormat="ISO8601"})
            setSyslogFacility("local0")
            setVerboseLogDestination("")
            addExitCallback(f)
            addMaintenanceCallback(f)
            addServerStateChangeCallback(f)
            enableLuaConfiguration()
            getAddressInfo("localhost", f)
            inClientStartup()
            inConfigCheck()
            includeDirectory("/proc/self/task")
            shutdown()
            controlSocket("127.0.0.1")
            setConsoleACL("127.0.0.1")
            addConsoleACL("::1")
            setConsoleBindFatal(true)
            setConsoleConnectionsLogging(true)
            setConsoleMaximumConcurrentConnections(1)
            setConsoleOutputMaxMsgSize(1)
            setKey("d2Vpci10ZXN0LWtleS0wMTIzNDU2Nzg5YWJjZGVmISE=")
            makeKey()
            showConsoleACL()
            testCrypto()
            clearConsoleHistory()
            delta()
            help("show")
            show("a")
            showACL()
            showBinds()
            showPools()
            showServers({showUUIDs=true})
            showVersion()
            explain("www.example.com", "AAAA", {client="192.0.2.1", json=true})
            reloadConfig({dryRun=true, json=true})
            dumpStats()
            getStatisticsCounters()
            showResponseLatency()
            showTCPStats()
            topQueries(1, 2)
            topResponses(1, 0, 2)
            topClients(1)
            topBandwidth(1)
            topSlow(1, 2, 3)
            topTimeouts(1, 2)
            getTopQueries(1)
            getTopResponses(1, 0)
            getTopBandwidth(1)
            getSlowResponses(1, 2)
            getResponseRing()
            getRespRing()
            getRingEntries()
            getRingBuffersSamplingRate()
            grepq({"127.0.0.1", "10ms"}, 3)
            statNodeRespRing(f, 1)
            setQueryCount(true)
            setQueryCountFilter(f)
            getQueryCounters(1)
            clearQueryCounters()
            getPool("a"):getCache():expungeByName("a.")
            addDynBlocks(exceedQRate(1, 1), "m")
            addDynBlocks({[newCA("192.0.2.1")]=7}, "m", 1, DNSAction.Refused)
            addDynBlockSMT({"a.", "b."}, "m", 1, DNSAction.Nxdomain)
            addDynamicBlock("192.0.2.1:53", "m", DNSAction.Drop, 1, 32, 4)
            exceedNXDOMAINs(1, 1)
            exceedQTypeRate(DNSQType.A, 1, 1)
            exceedRespByterate(1, 1)
            exceedServFails(1, 1)
            setDynBlocksAction(DNSAction.Refused)
            setDynBlocksPurgeInterval(60)
            showDynBlocks()
            for _, b in pairs(getDynamicBlocks()) do show(b.reason) end
            for _, b in pairs(getDynamicBlocksSMT()) do show(b.domain) end
            clearDynBlocks()
            dynBlockRulesGroup():apply()
            """.lines().toList();

    private static final List<String> CHAINS = List.of(
            "Rule",
            "CacheMissRule",
            "ResponseRule",
            "CacheHitResponseRule",
            "CacheInsertedResponseRule",
            "SelfAnsweredResponseRule",
            "XFRResponseRule",
            "TimeoutResponseRule");

    static List<String> calls() {
        return CALLS;
    }

    static List<String> chains() {
        return CHAINS;
    }

    private static World prepared() {
        World world = new World();
        assertThat(world.load("function f() end newServer({address='127.0.0.1:1', id='one', pool='a'}) "
                                + "getPool('a'):setCache(newPacketCache(100))")
                        .error())
                .isNull();
        world.model.engine().addFrontend(new Frontend(Endpoint.parse("127.0.0.1:53", 0), Protocol.DO_UDP, false));
        return world;
    }

    @ParameterizedTest
    @MethodSource("calls")
    void works(String call) {
        assertThat(prepared().ask(call)).doesNotStartWith("Error");
    }

    @ParameterizedTest
    @MethodSource("chains")
    void chain(String rule) {
        boolean response = rule.endsWith("ResponseRule");
        String add = "add" + rule.substring(0, rule.length() - 4) + "Action";
        String action = response ? "DropResponseAction()" : "DropAction()";
        World world = new World().with("");
        world.ask(add + "(AllRule(), AllowAction and " + action + ", {name='first'})");
        world.ask(add + "('example.org.', " + action + ", {name='second'})");
        world.ask("mv" + rule + "(1, 0)");
        assertThat(world.ask("show" + rule + "s()").lines().skip(1).map(line -> line.substring(4, 10)
                        .strip()))
                .containsExactly("second", "first");
        world.ask("mv" + rule + "ToTop()");
        assertThat(world.ask("get" + rule + "(0):getSelector():toString()")).isEqualTo("All\n");
        assertThat(world.ask("get" + rule + "('second'):getSelector():toString()"))
                .isEqualTo("qname in example.org.\n");
        assertThat(world.ask("#getTop" + rule + "s(1)")).isEqualTo("1\n");
        assertThat(world.ask("top" + rule + "s(1)")).contains("first").doesNotContain("second");
        world.ask("rm" + rule + "('second')");
        assertThat(world.ask("show" + rule + "s()").lines()).hasSize(2);
        assertThat(world.ask("rm" + rule + "(7)")).startsWith("Error: rm" + rule + ": there is no rule '7'");
        world.ask("clear" + rule + "s()");
        assertThat(world.ask("show" + rule + "s()").lines()).hasSize(1);
    }

    @Test
    void noneIsForgotten() {
        String calls = String.join("\n", CALLS);
        Set<String> forgotten = new TreeSet<>(new World().lua.names());
        forgotten.removeIf(name -> calls.contains(name + "("));
        for (String rule : CHAINS) {
            String chain = rule.substring(0, rule.length() - 4);
            forgotten.removeAll(List.of(
                    "add" + chain + "Action",
                    "rm" + rule,
                    "mv" + rule,
                    "mv" + rule + "ToTop",
                    "show" + rule + "s",
                    "top" + rule + "s",
                    "getTop" + rule + "s",
                    "get" + rule,
                    "clear" + rule + "s"));
        }
        forgotten.removeAll(Set.of(
                "getAction",
                "getCacheMissAction",
                "topResponseRule",
                "chashed",
                "firstAvailable",
                "leastOutstanding",
                "orderedWrandUntag",
                "roundrobin",
                "whashed",
                "wrandom"));
        assertThat(forgotten).isEmpty();
        World world = new World();
        world.ask("addAction(AllRule(), DropAction()) addCacheMissAction(AllRule(), DropAction())");
        assertThat(world.ask("tostring(getAction(0))")).isEqualTo("drop\n");
        assertThat(world.ask("tostring(getCacheMissAction(0))")).isEqualTo("drop\n");
    }

    @Test
    void someAreForTheConfigurationAlone() {
        World world = new World().with("");
        assertThat(world.ask("addLocal('127.0.0.1')")).isEqualTo("addLocal cannot be used at runtime!\n");
        assertThat(world.configuration.listeners).isEmpty();
    }

    @Test
    void deltaHasWhatChangedSomething() {
        World world = new World().with("");
        world.ask("setVerbose(false)");
        world.ask("showServers()");
        world.ask("nonsense(");
        assertThat(world.ask("delta()").lines().toList()).hasSize(2).last().isEqualTo("setVerbose(false)");
    }
}
