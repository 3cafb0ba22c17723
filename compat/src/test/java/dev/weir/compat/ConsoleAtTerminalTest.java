package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TestSubject;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The console as a person at a terminal has it: what TAB completes runs, and what is down stands out. */
@NewerThanDebian("completes names only")
class ConsoleAtTerminalTest {
    /** A terminal: types each argument behind the first two, each when the prompt has come back, and prints what was to be seen. */
    private static final String TERMINAL = """
            import fcntl, os, pty, select, struct, sys, termios, time
            separator = sys.argv.index("--")
            command, lines = sys.argv[1:separator], sys.argv[separator + 1:]
            def niceness(*new):
                # A session of its own is scheduled as a group of its own: it is to be as nice as this one, or it starves on a busy machine.
                try:
                    with open("/proc/self/autogroup", "w" if new else "r") as group:
                        return group.write(*new) if new else group.read().split()[-1]
                except (OSError, IndexError):
                    return "0" # in no group: in a control group, or under a kernel that has none
            nice = niceness()
            pid, terminal = pty.fork()
            if pid == 0:
                niceness(nice)
                os.environ["TERM"] = "xterm-256color"
                os.environ["HOME"] = os.getcwd()
                os.execvp(command[0], command)
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 200, 0, 0))
            seen = b""
            def until_quiet(wanted):
                global seen
                start, end = len(seen), time.time() + 60
                while time.time() < end:
                    if select.select([terminal], [], [], 0.3)[0]:
                        try:
                            seen += os.read(terminal, 65536)
                        except OSError:
                            return
                    elif wanted in seen[start:]:
                        return
            until_quiet(b"> ")
            for line in lines:
                os.write(terminal, line.encode() if line == "\\x03" else line.encode() + b"\\r")
                until_quiet(b"> ")
            os.write(terminal, b"quit\\r")
            until_quiet(b"quit")
            os.waitpid(pid, 0)
            sys.stdout.buffer.write(seen)
            """;

    private static final String UP = "\033OA";

    private static String at(DnsProcess weir, List<String> environment, String... lines) {
        List<String> command = new ArrayList<>(List.of("python3", "-c", TERMINAL, "env"));
        command.addAll(environment);
        command.addAll(TestSubject.current().command("-C", weir.config().toString(), "--client"));
        command.add("--");
        command.addAll(List.of(lines));
        return ChildProcess.run(weir.directory(), command, "", Await.PATIENCE.multipliedBy(3))
                .output();
    }

    @Test
    void whatTabCompletesRuns() {
        try (DnsProcess weir = DnsProcess.start(
                "main = newServer({address=\"127.0.0.1:9\", name=\"first\", healthCheckMode=\"down\"})\n")) {
            String seen = at(
                    weir,
                    List.of(),
                    "getServer(0):getNameW\t)",
                    "main:setU\t)",
                    "newServer{addres\t'127.0.0.1:9', nam\t'second', healthCheckM\t'down'}",
                    "showServers()",
                    "noSuch()");
            assertThat(seen).contains("first (127.0.0.1:9)");
            assertThat(weir.console("showServers()"))
                    .containsPattern("first .* UP ")
                    .containsPattern("second .* DOWN ");
            assertThat(seen).contains("\033[32mUP\033[0m", "\033[31mDOWN\033[0m", "\033[31mError: ");
            assertThat(at(weir, List.of("NO_COLOR=1"), "showServers()"))
                    .contains("DOWN")
                    .doesNotContain("\033[31m");
        }
    }

    /** What is not finished is asked for; Ctrl-C drops all of it; the history has it as one entry, also in the next session. */
    @Test
    void statementsOfSeveralLines() throws Exception {
        try (DnsProcess weir = DnsProcess.start("")) {
            String seen = at(
                    weir,
                    List.of(),
                    "function twice(n)",
                    "  return n * 2",
                    "end",
                    "text = [[one",
                    "two]]",
                    "answer = twice(",
                    "  21)",
                    "dropped = {",
                    "  1,",
                    "\003",
                    "length = #text");
            assertThat(seen).contains(">> ").doesNotContain("Error");
            assertThat(weir.console("answer .. ' ' .. length")).isEqualTo("42 7");
            assertThat(weir.console("text")).isEqualTo("one\ntwo");
            assertThat(weir.console("tostring(dropped)")).isEqualTo("nil");
            assertThat(Files.readAllLines(weir.directory().resolve(".dnsdist_history")))
                    .contains("function twice(n)\\n  return n * 2\\nend", "answer = twice(\\n  21)")
                    .noneMatch(line -> line.contains("dropped"));
            // Up from "quit" of the former session to "length…" and to the call of two lines, which runs again.
            weir.console("answer = 0");
            assertThat(at(weir, List.of(), UP + UP + UP)).doesNotContain("Error");
            assertThat(weir.console("answer")).isEqualTo("42");
        }
    }
}
