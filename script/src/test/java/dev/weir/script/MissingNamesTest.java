package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.script.host.Purpose;
import dev.weir.testkit.TempDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Is a name that would fail at the first query told at the start, and nothing else? */
class MissingNamesTest {
    private static final String LACKS = ": not implemented yet in Weir";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dq:setMetaKey(1, 2, 3)",
                "dq:getSpanID(200, 'x')",
                "dq : -- a comment\n  setMetaKey(1, 2, 3)",
                "local t = {dq:getTraceID()}",
                "dr:sendTrap'why'",
                "pcall(function() return dq:sendTrap(key) end)",
                "local n = newRemoteLogger(dq:getContent())",
                "local n = 'a' .. newRemoteLogger('x')",
                "return dq.deviceID",
                "x = [[a]] .. dq:getSpanID()",
                "x = 'it\\'s' .. dq:getSpanID()",
                "x = [==[ ]] ]==] .. dq:getSpanID()",
                "x = 1.5 y = dq:getSpanID()",
            })
    void isTold(String code) {
        LoadResult result = new World().load("function f(dq, dr)\n" + code + "\nend");
        assertThat(result.error()).isNull();
        assertThat(result.complaints()).singleElement().asString().matches("test\\.lua:[23]: \\w+" + LACKS);
    }

    @Test
    void aRemovedFunctionNamesItsSuccessor() {
        assertThat(new World().load("function f()\n addPoolRule('a.', 'b') end").complaints())
                .containsExactly(
                        "test.lua:2: addPoolRule was removed from dnsdist; use addAction(selector, PoolAction(pool))");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-- dq:setMetaKey(1)",
                "--[[ dq:setMetaKey(1)\n newRemoteLogger() ]]",
                "--[==[ ]] dq:setMetaKey(1)\n]==]",
                "local s = 'dq:setMetaKey(1)'",
                "local s = \"a \\\" dq:setMetaKey(1)\"",
                "local s = [[\n dq:setMetaKey(1)\n]]",
                "local s = [=[ dq:setMetaKey(1) ]=]",
                "local s = 'newRemoteLogger()' -- newRemoteLogger()",
                "s = s:lower():gsub('a', 'b') io.open('x'):read('*a')",
                "socket:send('x') socket:receive() socket:settimeout(1)",
                "local t = {setMetaKey = 1, newRemoteLogger = 2}",
                "local name = dq.qname:toString() dq:setTag('a', 'b') print(name)",
                "return other.deviceID",
                "local newRemoteLogger = function() end newRemoteLogger()",
                "for i = 1, 10 do if i ~= 3 and (i <= 5) then dq.dh:setRD(false) end end",
            })
    void isNotTold(String code) {
        LoadResult result = new World().load("function f(dq, dr)\n" + code + "\nend");
        assertThat(result.error()).isNull();
        assertThat(result.complaints()).isEmpty();
    }

    @Test
    void whatTheConfigurationDefinesIsItsOwn() {
        LoadResult result = new World().load("""
                local queue = {}
                function queue:setMetaKey(n) return n end
                queue.getSpanID = function() end
                function hashPassword(text) return text end
                function f(dq)
                  queue:setMetaKey(1)
                  queue:getSpanID()
                  return hashPassword("x")
                end
                """);
        assertThat(result.error()).isNull();
        assertThat(result.complaints()).isEmpty();
    }

    @Test
    void eachNameOnceInEachFile() {
        assertThat(new World()
                        .load("function f(dq)\n dq:setMetaKey(1)\n dq:setMetaKey(2)\n return dq:getSpanID()\nend")
                        .complaints())
                .containsExactly("test.lua:2: setMetaKey" + LACKS, "test.lua:4: getSpanID" + LACKS);
    }

    @Test
    void filesThatAreTakenInAreLookedAtToo() throws IOException {
        try (TempDirectory directory = TempDirectory.create("weir-names")) {
            Path main = directory.path();
            directory.write("done.lua", "function a(dq)\n\n dq:setMetaKey(1) end");
            directory.write("module.lua", "return {b = function(dq)\n\n\n return dq:getSpanID() end}");
            Files.createDirectory(main.resolve("conf.d"));
            Files.writeString(main.resolve("conf.d/c.conf"), "function c(dq) return dq:getTraceID() end");
            String text =
                    "package.path = '%1$s/?.lua'\ndofile('%1$s/done.lua')\nrequire('module')\nincludeDirectory('%1$s/conf.d')\n"
                            .formatted(main);
            Path file = Files.writeString(main.resolve("main.conf"), text);
            LoadResult result = new World().lua.load(file);
            assertThat(result.error()).isNull();
            assertThat(result.complaints())
                    .containsExactlyInAnyOrder(
                            main + "/done.lua:3: setMetaKey" + LACKS,
                            main + "/module.lua:4: getSpanID" + LACKS,
                            main + "/conf.d/c.conf:1: getTraceID" + LACKS);
        }
    }

    @Test
    void aClientIsNotToldOfIt() {
        assertThat(new World(Purpose.CLIENT)
                        .load("function f(dq) dq:setMetaKey(1) end")
                        .complaints())
                .isEmpty();
    }

    /** Editors of other systems leave one, and LuaJIT passes it over. */
    @Test
    void aByteOrderMarkIsPassedOver() throws IOException {
        try (TempDirectory directory = TempDirectory.create("weir-mark")) {
            Path main = directory.path();
            byte[] text =
                    ("\ufeff-- first\ndofile('" + main + "/part.lua')\nnosuch()").getBytes(StandardCharsets.UTF_8);
            Files.writeString(main.resolve("part.lua"), "\ufeffreached = true");
            Files.write(main.resolve("main.conf"), text);
            World world = new World();
            assertThat(world.lua.load(main.resolve("main.conf")).error())
                    .hasToString(main + "/main.conf:3: attempt to call global 'nosuch' (a nil value)");
            assertThat(world.ask("tostring(reached)")).isEqualTo("true\n");
        }
    }
}
