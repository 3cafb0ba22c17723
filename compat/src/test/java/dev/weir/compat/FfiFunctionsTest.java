package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsMessage.Rr;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Do FFI rules, actions and policies see and do over the wire what dnsdist's see and do? */
class FfiFunctionsTest {
    private static FakeBackend main;
    private static FakeBackend other;
    private static DnsProcess subject;

    @BeforeAll
    static void start() {
        main = FakeBackend.start(query -> Reply.send(query.query()
                .reply(
                        DnsMessage.NOERROR,
                        Rr.a(query.name(), 300, "192.0.2.1"),
                        Rr.aaaa(query.name(), 300, "2001:db8::1"))));
        other = FakeBackend.answering("192.0.2.2");
        subject = DnsProcess.start("""
                newServer({address="%s", name="main", order=1})
                newServer({address="%s", name="other", order=2})
                getPool(""):setCache(newPacketCache(100))
                local ffi = require("ffi")
                local C = ffi.C
                local function hex(s) return (s:gsub(".", function(c) return string.format("%%02x", c:byte()) end)) end
                local function name(dq)
                  local p, n = ffi.new("const char*[1]"), ffi.new("size_t[1]")
                  C.dnsdist_ffi_dnsquestion_get_qname_raw(dq, p, n)
                  return ffi.string(p[0], n[0])
                end
                local function below(label) return function(dq) return name(dq):find(string.char(#label) .. label, 1, true) ~= nil end end
                addAction(LuaFFIRule(below("look")), LuaFFIAction(function(dq)
                  local t, n = {}, ffi.new("size_t[1]")
                  local function add(v) t[#t + 1] = tostring(v) end
                  add(hex(name(dq)))
                  local a = ffi.new("const void*[1]")
                  C.dnsdist_ffi_dnsquestion_get_remoteaddr(dq, a, n) add(hex(ffi.string(a[0], n[0])))
                  C.dnsdist_ffi_dnsquestion_get_masked_remoteaddr(dq, a, n, 8) add(hex(ffi.string(a[0], n[0])))
                  C.dnsdist_ffi_dnsquestion_get_localaddr(dq, a, n) add(hex(ffi.string(a[0], n[0])))
                  add(C.dnsdist_ffi_dnsquestion_get_qtype(dq)) add(C.dnsdist_ffi_dnsquestion_get_qclass(dq))
                  add(C.dnsdist_ffi_dnsquestion_get_qname_hash(dq, 0)) add(C.dnsdist_ffi_dnsquestion_get_qname_hash(dq, 5))
                  add(C.dnsdist_ffi_dnsquestion_get_len(dq)) add(C.dnsdist_ffi_dnsquestion_get_opcode(dq))
                  add(C.dnsdist_ffi_dnsquestion_get_tcp(dq)) add(C.dnsdist_ffi_dnsquestion_get_do(dq))
                  add(C.dnsdist_ffi_dnsquestion_get_rcode(dq)) add(C.dnsdist_ffi_dnsquestion_get_skip_cache(dq))
                  add(C.dnsdist_ffi_dnsquestion_get_use_ecs(dq)) add(C.dnsdist_ffi_dnsquestion_get_ecs_override(dq))
                  add(C.dnsdist_ffi_dnsquestion_get_ecs_prefix_length(dq))
                  add(C.dnsdist_ffi_dnsquestion_is_temp_failure_ttl_set(dq))
                  C.dnsdist_ffi_dnsquestion_set_temp_failure_ttl(dq, 7)
                  add(C.dnsdist_ffi_dnsquestion_is_temp_failure_ttl_set(dq)) add(C.dnsdist_ffi_dnsquestion_get_temp_failure_ttl(dq))
                  C.dnsdist_ffi_dnsquestion_unset_temp_failure_ttl(dq)
                  C.dnsdist_ffi_dnsquestion_set_tag(dq, "key", "value")
                  add(ffi.string(C.dnsdist_ffi_dnsquestion_get_tag(dq, "key"))) add(C.dnsdist_ffi_dnsquestion_get_tag(dq, "none") == nil)
                  local tags = ffi.new("const dnsdist_ffi_tag_t*[1]")
                  add(C.dnsdist_ffi_dnsquestion_get_tag_array(dq, tags)) add(ffi.string(tags[0][0].name)) add(ffi.string(tags[0][0].value))
                  local options = ffi.new("const dnsdist_ffi_ednsoption_t*[1]")
                  local count = tonumber(C.dnsdist_ffi_dnsquestion_get_edns_options(dq, options)) add(count)
                  for i = 0, count - 1 do
                    add(options[0][i].optionCode) add(ffi.string(options[0][i].data, options[0][i].len))
                  end
                  local header = ffi.cast("unsigned char *", C.dnsdist_ffi_dnsquestion_get_header(dq))
                  add(header[0] * 256 + header[1]) add(header[5])
                  local f = io.open("seen", "w") f:write(table.concat(t, " ")) f:close()
                  return DNSAction.None
                end))
                addAction(LuaFFIRule(below("spoofed")), LuaFFIAction(function(dq)
                  local result = "203.0.113.1"
                  C.dnsdist_ffi_dnsquestion_set_result(dq, result, #result)
                  return DNSAction.Spoof
                end))
                addAction(LuaFFIRule(below("addrs")), LuaFFIAction(function(dq)
                  local raw = {"\\203\\000\\113\\002", "\\203\\000\\113\\003"}
                  local values = ffi.new("dnsdist_ffi_raw_value_t[2]")
                  for i = 1, 2 do values[i - 1].value = raw[i] values[i - 1].size = #raw[i] end
                  C.dnsdist_ffi_dnsquestion_spoof_addrs(dq, values, 2)
                  return DNSAction.HeaderModify
                end))
                addAction(LuaFFIRule(below("rcode")), LuaFFIAction(function(dq)
                  C.dnsdist_ffi_dnsquestion_set_rcode(dq, 5)
                  return DNSAction.Refused
                end))
                addAction(LuaFFIRule(below("broken")), LuaFFIAction(function(dq) return nothing.at.all end))
                addAction(LuaFFIRule(below("mute")), LuaFFIAction(function(dq) return DNSAction.Drop end))
                addAction(LuaFFIRule(function(dq) error("boom") end), DropAction())
                addAction(LuaFFIPerThreadRule([[
                  local ffi = require("ffi")
                  local count = 0
                  return function(dq)
                    local p, n = ffi.new("const char*[1]"), ffi.new("size_t[1]")
                    ffi.C.dnsdist_ffi_dnsquestion_get_qname_raw(dq, p, n)
                    count = count + 1
                    return ffi.string(p[0], n[0]):find("\\009perthread", 1, true) ~= nil
                  end
                ]]), LuaFFIPerThreadAction([[return function(dq) return DNSAction.Nxdomain end]]))
                addAction("badthread.test.", LuaFFIPerThreadAction("return 5"))
                setServerPolicyLuaFFI("byname", function(servers, dq)
                  local server = ffi.new("const dnsdist_ffi_server_t*[1]")
                  for i = 0, tonumber(C.dnsdist_ffi_servers_list_get_count(servers)) - 1 do
                    C.dnsdist_ffi_servers_list_get_server(servers, i, server)
                    if name(dq):find(ffi.string(C.dnsdist_ffi_server_get_name(server[0])), 1, true) and C.dnsdist_ffi_server_is_up(server[0]) then
                      return i
                    end
                  end
                  if name(dq):find("\\004none", 1, true) then return 7 end
                  return tonumber(C.dnsdist_ffi_servers_list_chashed(servers, dq, 1)) * 0
                end)
                """.formatted(main.hostPort(), other.hostPort()));
    }

    @AfterAll
    static void stop() {
        subject.close();
        main.close();
        other.close();
    }

    private static DnsMessage ask(String name) {
        try (UdpClient client = subject.udp()) {
            return client.ask(DnsQuery.of(name, A));
        }
    }

    private static boolean silent(String name) {
        try (UdpClient client = subject.udp()) {
            return client.tryExchange(DnsQuery.of(name, A).packet(), java.time.Duration.ofMillis(200))
                    .isEmpty();
        }
    }

    /** The numbers are dnsdist 1.7.3's. */
    @Test
    void aQueryIsSeenAsItIs() throws IOException {
        try (UdpClient client = subject.udp()) {
            client.ask(DnsQuery.of("WWW.look.test.", A)
                    .withId(0x1234)
                    .withDnssecOk()
                    .option(10, new byte[] {'a', 'b', 'c'})
                    .option(11));
        }
        assertThat(Files.readString(subject.directory().resolve("seen")))
                .matches(
                        "03575757046c6f6f6b047465737400 7f000001 7f000000 7f000001 1 1 \\d+ULL \\d+ULL 53 0 false true 0 "
                                + "false true false 24 false true 7 value true 1ULL key value 2 10 abc 11  4660 1");
        try (TcpClient tcp = subject.tcp()) {
            tcp.ask(DnsQuery.of("x.look.test.", A));
        }
        assertThat(Files.readString(subject.directory().resolve("seen"))).contains(" true false 0 ");
    }

    @Test
    void actionsAnswer() {
        for (int again = 0; again < 2; again++) {
            assertThat(ask("x.spoofed.test.").answerTexts()).containsExactly("203.0.113.1");
            assertThat(ask("x.addrs.test.").answerTexts()).containsExactlyInAnyOrder("203.0.113.2", "203.0.113.3");
            assertThat(ask("x.rcode.test.").rcode()).isEqualTo(DnsMessage.REFUSED);
            assertThat(ask("x.perthread.test.").rcode()).isEqualTo(DnsMessage.NXDOMAIN);
            assertThat(silent("x.mute.test.")).isTrue();
        }
        try (TcpClient tcp = subject.tcp()) {
            assertThat(tcp.ask(DnsQuery.of("x.perthread.test.", A)).rcode()).isEqualTo(DnsMessage.NXDOMAIN);
            assertThat(tcp.ask(DnsQuery.of("x.spoofed.test.", A)).answerTexts()).containsExactly("203.0.113.1");
        }
    }

    @Test
    void errorsOfActionsAreServfailAndOfRulesNoMatch() {
        assertThat(ask("x.broken.test.").rcode()).isEqualTo(DnsMessage.SERVFAIL);
        assertThat(ask("x.badthread.test.").rcode()).isEqualTo(DnsMessage.SERVFAIL);
        assertThat(ask("x.main.test.").rcode()).isEqualTo(DnsMessage.NOERROR);
    }

    @Test
    void aPolicyChooses() {
        assertThat(ask("x.main.test.").answerTexts()).contains("192.0.2.1");
        assertThat(ask("x.other.test.").answerTexts()).containsExactly("192.0.2.2");
        int before = other.queryCount();
        assertThat(ask("x.other.test.").answerTexts()).containsExactly("192.0.2.2");
        assertThat(other.queryCount()).as("from the cache").isEqualTo(before);
        assertThat(silent("x.none.test.")).isTrue();
    }

    @Test
    void listingsNameThem() {
        assertThat(subject.console("showRules()"))
                .contains("Lua FFI script ")
                .containsPattern("Lua FFI per-thread script +Lua FFI per-thread script");
        assertThat(subject.console("showServerPolicy()").strip()).isEqualTo("byname");
    }

    @NewerThanDebian("has fewer functions")
    @Test
    void answersAreChanged() {
        try (DnsProcess newer = DnsProcess.start("""
                        newServer({address="%s", name="main"})
                        local ffi = require("ffi")
                        local C = ffi.C
                        addAction("renamed.test.", LuaFFIAction(function(dq)
                          local name = "\\005other\\004test\\000"
                          C.dnsdist_ffi_dnsquestion_set_alternate_name(dq, name, #name, "t", 1, "v", 1, "former", 6)
                          return DNSAction.None
                        end))
                        addResponseAction(TagRule("former", "x.renamed.test."), LuaFFIResponseAction(function(dr)
                          local name = "\\001x\\007renamed\\004test\\000"
                          C.dnsdist_ffi_dnsresponse_rebase(dr, name, #name)
                          C.dnsdist_ffi_dnsresponse_clear_records_type(dr, DNSQType.AAAA)
                          C.dnsdist_ffi_dnsresponse_limit_ttl(dr, 1, 10)
                          return DNSResponseAction.None
                        end))
                        addResponseAction("thread.test.", LuaFFIPerThreadResponseAction([[
                          return function(dr)
                            require("ffi").C.dnsdist_ffi_dnsresponse_set_max_ttl(dr, 20)
                            return DNSResponseAction.None
                          end
                        ]]))
                        addAction("metric.test.", LuaFFIAction(function(dq)
                          C.dnsdist_ffi_metric_declare("seen", 4, "counter", "Seen", "")
                          C.dnsdist_ffi_metric_inc_by("seen", 4, 3)
                          return DNSAction.None
                        end))
                        """.formatted(main.hostPort()));
                UdpClient client = newer.udp()) {
            DnsMessage answer = client.ask(DnsQuery.of("x.renamed.test.", A));
            assertThat(answer.question().name()).isEqualTo("x.renamed.test.");
            assertThat(answer.answers())
                    .hasSize(1)
                    .allMatch(record -> record.name().equals("x.renamed.test.") && record.ttlSeconds() == 10);
            assertThat(client.ask(DnsQuery.of("x.thread.test.", A)).answers())
                    .hasSize(2)
                    .allMatch(record -> record.ttlSeconds() == 20);
            client.ask(DnsQuery.of("metric.test.", A));
            assertThat(newer.counter("seen")).isEqualTo(3);
            assertThat(newer.console("clearRules() setServerPolicyLuaFFIPerThread('t', 'return function(s, dq) return "
                            + "require(\"ffi\").C.dnsdist_ffi_servers_list_whashed(s, dq, 5) end') return "
                            + "tostring(newServerPolicy ~= nil)"))
                    .isEqualTo("true");
            assertThat(client.ask(DnsQuery.of("y.test.", A)).answers()).hasSize(2);
        }
    }
}
