package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.log.Level;
import dev.weir.engine.log.LogFormat;
import dev.weir.engine.log.LogSettings;
import org.junit.jupiter.api.Test;

class OptionParserTest {
    @Test
    void withoutArgumentsItRunsTheDefaultConfiguration() throws UsageException {
        CommandLine options = OptionParser.parse();
        assertThat(options.mode()).isEqualTo(CommandLine.Mode.RUN);
        assertThat(options.configOrDefault()).isEqualTo("/etc/dnsdist/dnsdist.conf");
        assertThat(options.syslog()).isTrue();
        assertThat(options.supervised()).isFalse();
        assertThat(options.logging(LogSettings.DEFAULT)).isEqualTo(LogSettings.DEFAULT);
    }

    /** The combination that configuration-management tools use. */
    @Test
    void usualCombinationOfScripts() throws UsageException {
        CommandLine options =
                OptionParser.parse(("--supervised -C dir/a.conf -l 127.0.0.1:5300 -v --structured-logging true"
                                + " --acl 192.0.2.0/24 --acl 2001:db8::/32 --check-config")
                        .split(" "));
        assertThat(options.mode()).isEqualTo(CommandLine.Mode.CHECK_CONFIG);
        assertThat(options.config()).isEqualTo("dir/a.conf");
        assertThat(options.locals()).containsExactly("127.0.0.1:5300");
        assertThat(options.acls()).containsExactly("192.0.2.0/24", "2001:db8::/32");
        assertThat(options.structuredLogging()).isTrue();
        assertThat(options.verbose()).isTrue();
    }

    @Test
    void valuesMayBeAttached() throws UsageException {
        CommandLine options = OptionParser.parse("-vCa.conf", "--local=127.0.0.1", "-l", "[::1]:53", "--setkey=a=");
        assertThat(options.config()).isEqualTo("a.conf");
        assertThat(options.verbose()).isTrue();
        assertThat(options.locals()).containsExactly("127.0.0.1", "[::1]:53");
        assertThat(options.consoleKey()).isEqualTo("a=");
    }

    @Test
    void addressesMayStandBetweenFlagsAndAfterTheDashes() throws UsageException {
        CommandLine options = OptionParser.parse("192.0.2.1", "-v", "192.0.2.2:53", "--", "-x");
        assertThat(options.addresses()).containsExactly("192.0.2.1", "192.0.2.2:53", "-x");
    }

    @Test
    void clientTakesItsAddressAsAnArgument() throws UsageException {
        CommandLine options = OptionParser.parse("-c", "127.0.0.1:5999", "-k", "KEY");
        assertThat(options.mode()).isEqualTo(CommandLine.Mode.CLIENT);
        assertThat(options.addresses()).containsExactly("127.0.0.1:5999");
        assertThat(options.command()).isNull();
        assertThat(OptionParser.parse("-C", "f", "--client").addresses()).isEmpty();
    }

    @Test
    void executeImpliesClient() throws UsageException {
        CommandLine options = OptionParser.parse("-C", "f", "-e", "showServers()");
        assertThat(options.mode()).isEqualTo(CommandLine.Mode.CLIENT);
        assertThat(options.command()).isEqualTo("showServers()");
    }

    @Test
    void helpAndVersionWin() throws UsageException {
        assertThat(OptionParser.parse("-V", "--check-config").mode()).isEqualTo(CommandLine.Mode.VERSION);
        assertThat(OptionParser.parse("-c", "-V", "-h").mode()).isEqualTo(CommandLine.Mode.HELP);
        assertThat(OptionParser.parse("-h", "-V").mode()).isEqualTo(CommandLine.Mode.HELP);
    }

    @Test
    void userGroupAndLogFlags() throws UsageException {
        CommandLine options = OptionParser.parse(
                ("-u nobody --gid 65534 --disable-syslog --log-timestamps --structured-logging-backend json")
                        .split(" "));
        assertThat(options.user()).isEqualTo("nobody");
        assertThat(options.group()).isEqualTo("65534");
        assertThat(options.syslog()).isFalse();
        LogSettings logging = options.logging(LogSettings.DEFAULT);
        assertThat(logging.format()).isEqualTo(LogFormat.JSON);
        assertThat(logging.timestampPrefix()).isTrue();
        assertThat(OptionParser.parse("--structured-logging-backend=systemd-journal")
                        .logging(LogSettings.DEFAULT)
                        .format())
                .isEqualTo(LogFormat.JOURNAL);
    }

    @Test
    void structuredLoggingInItsFormsAndVerbose() throws UsageException {
        LogSettings plain = LogSettings.DEFAULT.withFormat(LogFormat.PLAIN);
        assertThat(OptionParser.parse("--structured-logging", "false").logging(LogSettings.DEFAULT))
                .isEqualTo(plain);
        assertThat(OptionParser.parse("-s", "false", "-v").logging(LogSettings.DEFAULT))
                .isEqualTo(plain.withThreshold(Level.DEBUG));
        assertThat(OptionParser.parse("-s").logging(plain)).isEqualTo(LogSettings.DEFAULT);
        assertThat(OptionParser.parse("-s", "192.0.2.1").addresses()).containsExactly("192.0.2.1");
        assertThat(OptionParser.parse().logging(plain)).isEqualTo(plain);
    }

    @Test
    void unambiguousBeginningOfAWordIsEnough() throws UsageException {
        assertThat(OptionParser.parse("--check").mode()).isEqualTo(CommandLine.Mode.CHECK_CONFIG);
        assertThat(OptionParser.parse("--structured-logging=false").structuredLogging())
                .isFalse();
        assertMistake("--setkey", "--s");
    }

    @Test
    void mistakesAreNamed() {
        assertMistake("unknown option --bogus", "--bogus");
        assertMistake("unknown option -x", "-vx");
        assertMistake("--config needs a value", "-C");
        assertMistake("--verbose takes no value", "--verbose=1");
        assertMistake("true or false, not maybe", "--structured-logging", "maybe");
        assertMistake("default, json or systemd-journal, not xml", "--structured-logging-backend", "xml");
    }

    @Test
    void everyFlagIsInTheHelp() {
        for (Flag flag : Flag.values()) {
            assertThat(Usage.help()).contains("--" + flag.word);
        }
        assertThat(Usage.help().lines()).allMatch(line -> line.length() <= 120);
    }

    @Test
    void versionLineStartsWithNameAndVersion() {
        assertThat(Usage.version()).matches("weir \\d+\\.\\d+\\.\\d+ \\(Lua .*\\)");
        assertThat(Usage.features()).startsWith("Enabled features: ");
    }

    private static void assertMistake(String part, String... arguments) {
        assertThatThrownBy(() -> OptionParser.parse(arguments))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(part);
    }
}
