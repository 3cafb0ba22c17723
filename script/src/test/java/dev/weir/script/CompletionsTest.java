package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Ledger;
import dev.weir.config.Signatures;
import dev.weir.config.Signatures.Signature;
import dev.weir.lua.Values;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What does TAB offer, and does the table of signatures agree with the program? */
class CompletionsTest {
    private final World world = new World();

    private List<String> after(String typed) {
        return world.lua.completions(typed);
    }

    @Test
    void names() {
        assertThat(after("newServ")).containsExactly("newServer(", "newServerPolicy(");
        assertThat(after("addAction(QNameS")).containsExactly("QNameSetRule(", "QNameSuffixRule(");
        assertThat(after("")).contains("addAction(", "DNSAction", "roundrobin", "print(");
        assertThat(after("x = least")).containsExactly("leastOutstanding");
        assertThat(after("newServer{address='a'} showS")).contains("showServers(");
        world.with("mine = 7 function myself() end");
        assertThat(after("my")).containsExactly("myself(");
        assertThat(after("mi")).containsExactly("mine");
    }

    @Test
    void membersOfConstants() {
        assertThat(after("DNSAction.N")).containsExactly("None", "NoOp", "NoRecurse", "Nxdomain");
        assertThat(after("RCodeAction(DNSRCode.SERV")).containsExactly("SERVFAIL");
        assertThat(after("string.form")).containsExactly("format(");
    }

    /** The class is known from a variable, or from what is called, over several calls. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s:setD | setDown(",
                "s.upS | upStatus",
                "getServer(0):setD | setDown(",
                "newServer{address='192.0.2.1', name='a)'}:isU | isUp(",
                "newServer('192.0.2.1'):isU | isUp(",
                "newServer'192.0.2.1':isU | isUp(",
                "getPool(\"\"):getCache():expungeB | expungeByName(",
                "(getPool(\"\")):getC | ",
                "dbr:setQueryR | setQueryRate(",
                "print(x, getBind(0):attach | attachFilter(",
                "newDNSName('a.b'):countL | countLabels(",
                "roundrobin.isL | isLua",
                "none:a | ",
                "f():a | ",
                "5:a | "
            })
    void membersOfObjects(String typed, String expected) {
        world.with("s = newServer('192.0.2.7') dbr = dynBlockRulesGroup()");
        assertThat(after(typed)).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @Test
    void methodsComeBehindColonsAndAttributesBehindDots() {
        world.with("s = newServer('192.0.2.7')");
        assertThat(after("s:")).contains("setDown(", "isUp(").doesNotContain("upStatus", "weight");
        assertThat(after("s.")).contains("upStatus", "weight").doesNotContain("isUp(");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "newServer{addre | address=",
                "newServer({checkN | checkName=",
                "newServer({address='192.0.2.1:53', checkN | checkName=",
                "newServer({address={x=1}; checkN | checkName=",
                "getPool(''):setCache(newPacketCache(1000, {keepS | keepStaleData=",
                "addLocal('192.0.2.1', {reuse | reusePort="
            })
    void keysOfOptions(String typed, String expected) {
        assertThat(after(typed)).containsExactly(expected);
    }

    @Test
    void valuesAreNoKeys() {
        assertThat(after("newServer{address=newC")).contains("newCA(").doesNotContain("address=");
        assertThat(after("newServer{address='a'}, ad")).contains("addAction(").doesNotContain("address=");
        assertThat(after("{ad")).contains("addAction(").doesNotContain("address=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"show('ad", "show(\"a\\\"ad", "show([[ad", "x = 1 -- ad", "newServer{address='ad"})
    void withinTextsNothingIsOffered(String typed) {
        assertThat(after(typed)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":",
                ".",
                "))))",
                "{{{",
                "a::b",
                "()():",
                "]:a",
                "}:",
                ")))):a",
                "x[1]:a",
                "\"",
                "f(){",
                "a.b.c.d:",
                "\u00e4:"
            })
    void whatIsNoLuaHarmsNothing(String typed) {
        assertThat(after(typed)).isNotNull();
    }

    /** Whoever adds a function or member adds a row. */
    @Test
    void eachNameHasASignatureAndEachSignatureAName() {
        Set<String> there = new TreeSet<>(world.lua.names());
        for (ObjectType<?> type : world.lua.context().objects.all()) {
            type.members().forEach(member -> there.add(type.name() + ":" + member));
        }
        there.addAll(Set.of("maintenance", "threadmessage"));
        Set<String> described = new TreeSet<>();
        Signatures.all().forEach(row -> described.add(row.name()));
        assertThat(described).isEqualTo(there);
    }

    @Test
    void whatIsGivenIsAClass() {
        Set<String> classes = new TreeSet<>();
        world.lua.context().objects.all().forEach(type -> classes.add(type.name()));
        for (Signature row : Signatures.all()) {
            assertThat(row.gives().isEmpty() || classes.contains(row.gives()))
                    .as(row.toString())
                    .isTrue();
            assertThat(row.parameters()).as(row.name()).matches("|\\([^()]*\\)");
        }
    }

    /** Held against the objects themselves, where a call without much ado gives one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "AllRule()",
                "AndRule({})",
                "DropAction()",
                "DropResponseAction()",
                "newServer('192.0.2.1')",
                "getPool('a')",
                "newPacketCache(10)",
                "newCA('192.0.2.1')",
                "newDNSName('a')",
                "newDNSNameFromRaw('\\1a\\0')",
                "newDNSNameSet()",
                "newNMG()",
                "newNetmask('192.0.2.0/24')",
                "newSuffixMatchNode()",
                "dynBlockRulesGroup()",
                "newQPSLimiter(1, 1)",
                "TimedIPSetRule()",
                "getCurrentTime()",
                "newSVCRecordParameters(1, 'a')",
                "KeyValueLookupKeyQName()",
                "newRuleAction(AllRule(), DropAction())",
                "newTLSCertificate('/c')",
                "newNetworkListener()",
                "roundrobin",
                "newDOHResponseMapEntry('a', 200, 'b')",
                "makeRule('a.')"
            })
    void objectsAreOfTheClassThatTheTableNames(String call) {
        Object given = Values.first(
                world.lua.context().state.call(world.lua.context().state.load("return " + call, "=test")));
        assertThat(given).isInstanceOf(LuaObject.class);
        String function = call.replaceFirst("\\(.*", "");
        assertThat(Signatures.gives(function))
                .isEqualTo(((LuaObject) given).objectType().name());
        assertThat(Ledger.find(Ledger.Table.FUNCTIONS, function)).isNotNull();
    }
}
