package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code weir convert} as a command: what it prints where, and how it ends. */
class ConvertToolTest {
    private static final ServiceLoader.Exit EXIT = new ServiceLoader.Exit() {
        @Override
        public void shutdown() {}

        @Override
        public void now(int status) {
            throw new IllegalStateException("exit " + status);
        }
    };

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) throws UsageException {
        return new ConvertTool(EXIT, new PrintStream(out), new PrintStream(err)).run(List.of(arguments));
    }

    private String file(String text) throws IOException {
        Path file = directory.resolve("test.conf");
        Files.writeString(file, text);
        return file.toString();
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String told() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void printsYaml() throws Exception {
        String conf = file("newServer('192.0.2.1') print('hello') addAction('example.org', DropAction())");
        assertThat(run(conf)).isZero();
        assertThat(printed()).isEqualTo("""
                backends:
                  - {address: 192.0.2.1, protocol: Do53}

                query_rules:
                  - {selector: {type: QNameSuffix, suffixes: [example.org.]}, action: {type: Drop}}
                """);
        assertThat(told()).isEqualTo("hello\n");
    }

    @Test
    void tellsWhatIsLeft() throws Exception {
        String conf = file("\nregisterWebHandler('/x', function(req, resp) end)\n");
        assertThat(run(conf)).isZero();
        String line = conf + ":2: registerWebHandler: YAML has no words for it\n";
        assertThat(printed()).isEqualTo("\n# Not in YAML:\n# " + line);
        assertThat(told())
                .isEqualTo("weir convert: " + line
                        + "weir convert: 1 thing is not in the result; --lua-out keeps functions\n");
    }

    @Test
    void writesLuaBeside() throws Exception {
        String conf = file("""
                local n = 0
                function maintenance() n = n + 1 end
                addAction(AllRule(), LuaAction(function(dq) return n > 3 and DNSAction.Drop or DNSAction.None end))
                """);
        Path lua = directory.resolve("new.lua");
        assertThat(run("--lua-out", lua.toString(), conf)).isZero();
        assertThat(told()).isEmpty();
        assertThat(printed()).contains("function_name: line_3");
        assertThat(lua).content().contains("local n = 0", "function maintenance()", "function line_3(dq)");
        Files.writeString(directory.resolve("new.yml"), printed());
        assertThat(new Daemon(new Wiring(), ServiceManager.ofEnvironment(), new Shutdown())
                        .check(OptionParser.parse(
                                "-C", directory.resolve("new.yml").toString())))
                .isZero();
    }

    @Test
    void writesNoLuaThatNobodyNeeds() throws Exception {
        Path lua = directory.resolve("new.lua");
        assertThat(run("--lua-out=" + lua, file("newServer('192.0.2.1')"))).isZero();
        assertThat(told()).isEqualTo("weir convert: nothing has to stay Lua, '" + lua + "' is not written\n");
        assertThat(lua).doesNotExist();
    }

    @Test
    void aFullDiskIsNoSuccess() throws Exception {
        PrintStream full = new PrintStream(new FileOutputStream("/dev/full"));
        int status = new ConvertTool(EXIT, full, new PrintStream(err)).run(List.of(file("newServer('192.0.2.1')")));
        assertThat(status).isOne();
        assertThat(told()).isEqualTo("weir convert: the result could not be written whole\n");
    }

    @Test
    void refuses() throws Exception {
        assertThat(run(file("newServer('192.0.2.1')\nnoSuchThing()\n"))).isOne();
        assertThat(printed()).isEmpty();
        assertThat(told()).contains("test.conf:2: ").contains("noSuchThing");
        assertThat(run(directory.resolve("missing.conf").toString())).isOne();
        assertThat(told()).contains("missing.conf: no such file");
        assertThatThrownBy(() -> run("x.yml"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("in YAML already");
        assertThatThrownBy(() -> run("--no")).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> run()).isInstanceOf(UsageException.class);
        String conf = file("");
        assertThatThrownBy(() -> run("--lua-out", conf, conf)).isInstanceOf(UsageException.class);
        assertThat(printed()).isEmpty();
        assertThat(run("--help")).isZero();
        assertThat(printed()).startsWith("Usage: weir convert");
    }
}
