package dev.weir.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.web.console.ConsoleKey;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Start and stop as scripts see them: a process, its output, its exit status. */
@Timeout(300)
class DaemonTest {
    private static final String KEY = ConsoleKey.random().base64();
    private static final Pattern CONSOLE = Pattern.compile("frontend.address=\"(127\\.0\\.0\\.1:\\d+)\"");

    @Test
    void sigtermRunsTheStepsAndExitsWithZero() throws Exception {
        Process process = start("-C", "a", "--supervised");
        BufferedReader out = process.inputReader();
        assertThat(out.readLine()).isEqualTo("checked");
        assertThat(out.readLine()).contains("Accepting control connections");
        assertThat(out.readLine()).isEqualTo("listening");
        process.toHandle().destroy(); // Process.destroy() would close its output too
        assertThat(out.lines()).containsExactly("stopping", "stopped");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void serviceThatHangsDoesNotKeepTheProcess() throws Exception {
        Process process = start("-C", "hangs", "--supervised");
        BufferedReader out = process.inputReader();
        console(out);
        assertThat(out.readLine()).isEqualTo("listening");
        process.toHandle().destroy(); // Process.destroy() would close its output too
        assertThat(out.lines()).containsExactly("stopping");
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void endOfForegroundInputIsTheEnd() throws Exception {
        Process process = start("-C", "a");
        try (PrintStream in = new PrintStream(process.getOutputStream(), true, UTF_8)) {
            in.println("1+1");
        }
        assertThat(process.inputReader().lines()).contains("listening", "<1+1>", "stopping", "stopped");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void quitInTheForegroundIsTheEnd() throws Exception {
        Process process = start("-C", "a");
        PrintStream in = new PrintStream(process.getOutputStream(), true, UTF_8);
        in.println("quit");
        assertThat(process.inputReader().lines().toList())
                .contains("listening", "stopped")
                .doesNotContain("<quit>");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void exitInTheConfigurationGivesItsStatus() throws Exception {
        Process process = start("-C", "exit", "--supervised");
        assertThat(process.inputReader().lines()).isEmpty();
        assertThat(process.waitFor()).isEqualTo(42);
    }

    @Test
    void badConfigurationIsOneLineAndStatusOne() throws Exception {
        for (String flag : List.of("--supervised", "--check-config")) {
            Process process = start("-C", "bad", flag);
            assertThat(process.inputReader().lines())
                    .singleElement()
                    .asString()
                    .startsWith("msg=\"Bad configuration\" subsystem=\"setup\" level=\"0\" prio=\"Error\" ts=\"")
                    .endsWith("path=\"bad\" line=\"7\"");
            assertThat(process.waitFor()).isEqualTo(1);
        }
    }

    @Test
    void addressInUseIsStatusOneAfterAStop() throws Exception {
        Process process = start("-C", "unbindable", "--supervised");
        assertThat(process.inputReader().lines().toList())
                .anyMatch(line -> line.contains("error=\"Address already in use\""))
                .contains("stopped")
                .doesNotContain("listening");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    /** Whatever goes wrong before the service is ready: one line, status 1, and never a stack trace. */
    @ParameterizedTest
    @CsvSource({
        "unchecked, one line and another",
        "overflow, java.lang.StackOverflowError",
        "memory, java.lang.OutOfMemoryError: Java heap space",
        "linkage, no libc"
    })
    void whatNobodyForesawIsOneLineAndStatusOne(String kind, String words) throws Exception {
        Process process = start("-C", kind, "--supervised");
        assertThat(process.inputReader().lines().toList())
                .filteredOn(line -> line.contains("prio=\"Error\""))
                .singleElement()
                .asString()
                .startsWith("msg=\"Unable to start\" subsystem=\"setup\"")
                .endsWith("error=\"" + words + '"');
        assertThat(process.errorReader().lines()).isEmpty();
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void userAndGroupBelongToTheServiceManagerIfThereIsOne() throws Exception {
        ProcessBuilder builder = builder("-C", "a", "--supervised", "--uid", "0");
        builder.environment().put("NOTIFY_SOCKET", "@nobody-listens");
        Process process = builder.start();
        assertThat(process.inputReader().lines())
                .singleElement()
                .asString()
                .contains("--uid and --gid cannot be used under a service manager");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void goodConfigurationIsOneLineInEachForm() throws Exception {
        assertThat(check("-v"))
                .matches("msg=\"Configuration OK\" subsystem=\"setup\" level=\"0\" prio=\"Info\" "
                        + "ts=\"\\d+\\.\\d{3}\" path=\"a\"");
        assertThat(check("--structured-logging", "false")).isEqualTo("Configuration 'a' OK!");
        assertThat(check("--structured-logging-backend", "json"))
                .startsWith("{\"level\": \"0\", \"msg\": \"Configuration OK\", ");
    }

    @Test
    void clientRunsCommandsAndShutsTheDaemonDown() throws Exception {
        Process process = start("-C", "a", "--supervised");
        BufferedReader out = process.inputReader();
        String address = console(out);
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        assertThat(client(printed, "", "-c", address, "-k", KEY, "-e", "1+1")).isZero();
        assertThat(printed.toString(UTF_8)).isEqualTo("<1+1>\n");
        printed.reset();
        assertThat(client(printed, "a\nb\n", "-c", address, "-k", KEY)).isZero();
        assertThat(printed.toString(UTF_8)).isEqualTo("<a>\n<b>\n");
        assertThat(client(printed, "", "-c", address, "-k", ConsoleKey.random().base64(), "-e", "1"))
                .isEqualTo(1);
        assertThat(client(printed, "", "-c", address, "-k", KEY, "-e", "shutdown()"))
                .isZero();
        assertThat(out.lines()).contains("stopping", "stopped");
        assertThat(process.waitFor()).isZero();
        assertThat(client(printed, "", "-c", address, "-k", KEY, "-e", "1")).isEqualTo(1);
    }

    private static int client(ByteArrayOutputStream out, String in, String... arguments) throws UsageException {
        ServiceLoader none = (options, purpose, exit) -> {
            throw new AssertionError("address and key are given, so no configuration is needed");
        };
        PrintStream print = new PrintStream(out, true, UTF_8);
        PrintStream errors = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
        return new Client(none, new Shutdown(), new ByteArrayInputStream(in.getBytes(UTF_8)), print, errors)
                .run(OptionParser.parse(arguments));
    }

    private static String console(BufferedReader out) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher address = CONSOLE.matcher(line);
            if (address.find()) {
                return address.group(1);
            }
        }
        throw new IOException("the daemon ended before its console was up");
    }

    private static String check(String... flags) throws Exception {
        List<String> arguments = new ArrayList<>(Arrays.asList(flags));
        arguments.addAll(List.of("-C", "a", "--check-config"));
        Process process = start(arguments.toArray(String[]::new));
        String output = process.inputReader().lines().collect(Collectors.joining("\n"));
        assertThat(process.waitFor()).isZero();
        return output;
    }

    private static Process start(String... arguments) throws IOException {
        return builder(arguments).start();
    }

    private static ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                RunningDaemon.class.getName(),
                KEY));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }
}
