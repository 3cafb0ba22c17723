package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.listen.ListenSpec;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What does an operator read whose configuration can't be used? */
class RefusedConfigurationsTest {
    @Test
    void unknownFunctionIsNamedWithItsLine() {
        assertThat(World.refusal("\n\nnosuchFunction(1)"))
                .isEqualTo("test.lua:3: attempt to call global 'nosuchFunction' (a nil value)");
    }

    @Test
    void functionThatWeLackSaysSo() {
        assertThat(World.refusal("addLocal('127.0.0.1:53')\nnewXsk({})"))
                .isEqualTo("test.lua:2: newXsk: not implemented yet in Weir");
    }

    @Test
    void removedFunctionNamesItsSuccessor() {
        assertThat(World.refusal("addDomainBlock('example.org')"))
                .isEqualTo("test.lua:1: addDomainBlock was removed from dnsdist; use addAction(domain, DropAction())");
    }

    /** Up to dnsdist 1.8 the rest stood behind the address. */
    @Test
    void oldWebserverIsTakenWithTheRest() {
        World world =
                new World().with("webserver('127.0.0.1:8083', 'password', 'key', {['X-A']='b'}, '192.0.2.0/24, ::1')");
        assertThat(world.configuration.webAddresses).hasToString("[127.0.0.1:8083]");
        assertThat(world.configuration.web.password()).isEqualTo("password");
        assertThat(world.configuration.web.apiKey()).isEqualTo("key");
        assertThat(world.configuration.web.customHeaders()).containsExactly(Map.entry("X-A", "b"));
        assertThat(world.configuration.web.acl()).hasToString("192.0.2.0/24, ::1/128");
        world.ask("webserver('[::1]:8084')");
        assertThat(world.host.opened).hasToString("[[::1]:8084]");
        assertThat(World.refusal("setWebserverConfig({customHeaders={['a b']='c'}})"))
                .contains("a b");
    }

    /** They would come with each answer of the listener, and no client would take one. */
    @Test
    void headersThatHttpDoesNotKnowAreRefused() {
        String listener =
                "\naddDOHLocal('127.0.0.1:443', '/c', '/k', '/dns-query', {customResponseHeaders={['%s']=%s}})";
        assertThat(World.refusal(listener.formatted("X-A", "'b\\r\\nx-forged: 1'")))
                .isEqualTo(
                        "test.lua:2: addDOHLocal: 'customResponseHeaders' has a header that HTTP does not know: x-a");
        assertThat(World.refusal(listener.formatted("a b", "'c'"))).endsWith("does not know: a b");
        assertThat(World.refusal("newDOHResponseMapEntry('^/x$', 200, 'x', {['x-a']='\\0'})"))
                .isEqualTo("test.lua:1: newDOHResponseMapEntry: 'headers' has a header that HTTP does not know: x-a");
        assertThat(World.refusal("HTTPStatusAction(200, 'x', 'text/plain\\nx: y')"))
                .isEqualTo("test.lua:1: HTTPStatusAction: a content type has letters, digits and signs of ASCII alone");
    }

    /** A second length, or what says how a connection goes on. */
    @Test
    void headersOfHttpItselfAreLeftToIt() {
        World world = new World();
        assertThat(world.load("addDOHLocal('127.0.0.1:443', '/c', '/k', '/dns-query', "
                                + "{customResponseHeaders={['Content-Length']='1', ['x-name']='\\195\\188'}})")
                        .complaints())
                .hasToString(
                        "[test.lua:1: addDOHLocal: 'customResponseHeaders': 'content-length' is for HTTP itself to say, ignored]");
        assertThat(world.configuration.listeners.getFirst())
                .isInstanceOfSatisfying(
                        ListenSpec.Https.class, https -> assertThat(https.http().headers())
                                .containsExactly(Map.entry("x-name", "\u00c3\u00bc")));
    }

    @Test
    void plainCredentialsAreHashedWhereThatIsWanted() {
        World world = new World()
                .with("setWebserverConfig({password='abc', apiKey='hashed 9', hashPlaintextCredentials=true})");
        assertThat(world.configuration.web.password()).isEqualTo("hashed 3");
        assertThat(world.configuration.web.apiKey()).isEqualTo("hashed 9");
    }

    @Test
    void methodThatThereIsNotSaysSo() {
        assertThat(World.refusal("newCA('192.0.2.1'):nonsense()"))
                .isEqualTo("test.lua:1: ComboAddress has no method or attribute 'nonsense'");
    }

    @Test
    void wrongTypesNameFunctionAndParameter() {
        assertThat(World.refusal("newServer({address='127.0.0.1', weight='heavy'})"))
                .isEqualTo("test.lua:1: newServer: 'weight' must be a number, not a string");
        assertThat(World.refusal("newServer({address='127.0.0.1', maxInFlight=70000})"))
                .isEqualTo("test.lua:1: newServer: 'maxInFlight' must be from 0 to 65535, not 70000");
        assertThat(World.refusal("addAction(AllRule(), nil)"))
                .isEqualTo("test.lua:1: addAction: 'action' must be a DNSAction, not nil");
        assertThat(World.refusal("addAction(AllRule(), DropResponseAction())"))
                .isEqualTo("test.lua:1: addAction: 'action' must be a DNSAction, not a DNSResponseAction");
        assertThat(World.refusal("setECSOverride(1)"))
                .isEqualTo("test.lua:1: setECSOverride: 'override' must be true or false, not a number");
        assertThat(World.refusal("setACL('300.1.1.1/8')"))
                .isEqualTo("test.lua:1: setACL: '300.1.1.1' is not an IP address");
    }

    @Test
    void optionsOfLaterVersionsSaySo() {
        assertThat(World.refusal("newServer({address='127.0.0.1', xskSockets='x'})"))
                .isEqualTo("test.lua:1: newServer: option 'xskSockets': not implemented yet in Weir");
        World world = new World();
        assertThat(world.load("newServer({address='127.0.0.1', tls='', validateCertificates=true})")
                        .usable())
                .isTrue();
    }

    @Test
    void optionsMayFollowAnyNumber() {
        assertThat(World.refusal("MaxQPSIPRule(5, {cells=0})"))
                .isEqualTo("test.lua:1: MaxQPSIPRule: 'cells' must be from 1 to 67108864, not 0");
        LoadResult result = new World().load("""
                MaxQPSIPRule(5, {cells=1000})
                MaxQPSIPRule(5, 32, 64, 10, 300, 60, 10, 10, {cells=1000})
                MaxQPSIPRule(5, 32, {cels=1000})
                """);
        assertThat(result.error()).isNull();
        assertThat(result.complaints()).containsExactly("test.lua:3: MaxQPSIPRule: unknown option 'cels' ignored");
    }

    @Test
    void syntaxErrorHasItsLine() {
        assertThat(World.refusal("setLocal('127.0.0.1')\nif then")).startsWith("test.lua:2: unexpected symbol");
    }

    @Test
    void errorsKeepTheirText() {
        assertThat(World.refusal("error('my own words')")).isEqualTo("test.lua:1: my own words");
        assertThat(World.refusal("local t = nil\nprint(t.x)"))
                .isEqualTo("test.lua:2: attempt to index local 't' (a nil value)");
        assertThat(World.refusal("newDNSName(string.rep('a', 64) .. '.example')"))
                .startsWith("test.lua:1: newDNSName: ");
    }

    @Test
    void missingFilesAreNamed() {
        assertThat(World.refusal("dofile('/nonexistent/part.lua')"))
                .isEqualTo("test.lua:1: cannot open /nonexistent/part.lua: No such file or directory");
        assertThat(World.refusal("require('nosuchmodule')")).contains("nosuchmodule");
        assertThat(new World().lua.load(Path.of("/nonexistent/a.conf")).error())
                .hasToString("/nonexistent/a.conf: no such file");
    }

    @Test
    void smallMistakesAreReportedAndPassedOver() {
        World world = new World();
        LoadResult result = world.load("""
                newServer({address="127.0.0.1:1", wieght=3})
                newServer({address="no.such.host"})
                includeDirectory("/nonexistent")
                setKey("not base64!")
                newPacketCache(10)
                """);
        assertThat(result.error()).isNull();
        assertThat(result.complaints())
                .containsExactly(
                        "test.lua:1: newServer: unknown option 'wieght' ignored",
                        "test.lua:2: newServer: no server made: 'no.such.host' is not an IP address",
                        "test.lua:3: includeDirectory: can't read the directory '/nonexistent'",
                        "test.lua:4: setKey: the key is not base64, the console stays closed",
                        "test.lua:5: newPacketCache: 10 entries are fewer than 20 shards: using 10");
        assertThat(world.model.backends()).hasSize(1);
    }

    @Test
    void exitEndsTheProcessAtOnce() {
        World world = new World();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> world.load("pcall(os.exit, 7)"))
                .isInstanceOfSatisfying(
                        TestHost.Exited.class, exit -> assertThat(exit.status).isEqualTo(7));
    }
}
