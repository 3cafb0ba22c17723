package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestSubject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Does {@code weir lua} do what {@code luajit} does with the same arguments? */
@NewerThanDebian("has no such command")
class LuaToolLikeLuajitTest {
    private static ChildProcess.Outcome run(
            TempDirectory directory, List<String> program, String input, String arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(arguments.split(" ")));
        return ChildProcess.run(directory.path(), command, input, Await.PATIENCE);
    }

    private static TempDirectory scripts() {
        TempDirectory directory = TempDirectory.create("weir-lua");
        directory.write("arguments.lua", "print(#arg, arg[0], ...) return 7");
        directory.write("exit.lua", "io.write('no newline') os.exit(3)");
        directory.write("error.lua", "local t\nlocal function f()\n  return t.x.y\nend\nf()\n");
        directory.write("object.lua", "error(setmetatable({}, {__tostring = function() return 'an object' end}))");
        directory.write("syntax.lua", "if x then\nprint(1)\n");
        directory.write(
                "depth.lua", "local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end print(f(15000))");
        directory.write("library.lua", "print('required', ...) return {}");
        return directory;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "arguments.lua a b | ''",
                "exit.lua | ''",
                "error.lua | ''",
                "object.lua | ''",
                "syntax.lua | ''",
                "depth.lua | ''",
                "absent.lua | ''",
                "-e print(1) -e print(2) arguments.lua x | ''",
                "-e error('no') arguments.lua | ''",
                "-l library -e print(package.loaded.library) | ''",
                "-l absent_library | ''",
                "- a b | print('from input', ...)",
                "- | error('in input')",
                "-E -- arguments.lua | ''",
            })
    void sameOutputAndStatus(String arguments, String input) {
        try (TempDirectory directory = scripts()) {
            ChildProcess.Outcome theirs = run(directory, List.of("luajit"), input, arguments);
            ChildProcess.Outcome ours = run(directory, TestSubject.current().command("lua"), input, arguments);
            assertThat(ours.status()).as(ours.output()).isEqualTo(theirs.status());
            assertThat(withoutAddresses(ours.stdout())).isEqualTo(withoutAddresses(theirs.stdout()));
            assertThat(firstLine(ours.stderr()).replaceFirst("^weir lua: ", "luajit: "))
                    .isEqualTo(firstLine(theirs.stderr()));
        }
    }

    /** Behind the lines that say which program it is. */
    @Test
    void samePrompt() {
        String typed = "=1+1\nx = 1 +\n2 =x\nx = 1 +\n2\nprint(x)\nnosuch()\n)\nreturn 'a', nil\nx =\n";
        try (TempDirectory directory = scripts()) {
            ChildProcess.Outcome theirs = run(directory, List.of("luajit"), typed, "-E -i");
            ChildProcess.Outcome ours = run(directory, TestSubject.current().command("lua"), typed, "-E -i");
            assertThat(ours.status()).isEqualTo(theirs.status());
            assertThat(fromPrompt(ours.stdout())).isEqualTo(fromPrompt(theirs.stdout()));
            assertThat(withoutAddresses(ours.stderr())).isEqualTo(withoutAddresses(theirs.stderr()));
        }
    }

    /** The JVM's way to die of a signal is an exit with 128 and its number, which is how a shell tells it of {@code luajit}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "INT | os.execute('p=$PPID; (sleep 0.3; kill -INT $p) >/dev/null 2>&1 &') while true do end",
                "TERM | os.execute('p=$PPID; (sleep 0.3; kill -TERM $p) >/dev/null 2>&1 &') while true do end",
                "HUP | os.execute('p=$PPID; (sleep 0.3; kill -HUP $p) >/dev/null 2>&1 &') while true do end",
                "PIPE | for i = 1, 100000 do print(('x'):rep(100)) end",
            })
    void sameStatusAfterSignal(String signal, String script) {
        try (TempDirectory directory = scripts()) {
            directory.write("signal.lua", script);
            ChildProcess.Outcome theirs = run(directory, signalled(List.of("luajit", "-joff")), "", "signal.lua");
            ChildProcess.Outcome ours =
                    run(directory, signalled(TestSubject.current().command("lua")), "", "signal.lua");
            assertThat(ours.stdout()).as(signal).isEqualTo(theirs.stdout());
            assertThat(firstLine(ours.stderr()).replaceFirst("^weir lua: ", "luajit: "))
                    .isEqualTo(firstLine(theirs.stderr()));
        }
    }

    /** The first line of a program's output, and how it ended; whatever the test itself ignores, the program does not. */
    private static List<String> signalled(List<String> program) {
        List<String> command = new ArrayList<>(List.of(
                "bash",
                "-c",
                "env --default-signal=INT,HUP,TERM,PIPE \"$@\" | head -1; echo ${PIPESTATUS[0]}",
                "bash"));
        command.addAll(program);
        return command;
    }

    private static String fromPrompt(String text) {
        return text.substring(text.indexOf("> "));
    }

    /** Tables are at other addresses, and tracebacks name the interpreter's own frames. */
    private static String withoutAddresses(String text) {
        return text.replaceAll("0x[0-9a-f]+", "0x");
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    @Test
    void helpNamesTheOptions() {
        try (TempDirectory directory = scripts()) {
            ChildProcess.Outcome help = run(directory, TestSubject.current().command("lua"), "", "--help");
            assertThat(help.status()).isZero();
            assertThat(help.stdout()).startsWith("Usage: weir lua ").contains("-e CHUNK", "--check-config");
            ChildProcess.Outcome wrong = run(directory, TestSubject.current().command("lua"), "", "--nonsense");
            assertThat(wrong.status()).isEqualTo(1);
            assertThat(wrong.stderr()).startsWith("usage: weir lua ");
        }
    }
}
