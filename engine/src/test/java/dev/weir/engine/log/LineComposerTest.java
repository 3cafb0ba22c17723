package dev.weir.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class LineComposerTest {
    private static final long NOW_MS = 1_795_356_005_097L;
    private static final Message CONFIGURATION_OK =
            new Message("setup", "Configuration OK", "Configuration '{path}' OK!");

    private final LineComposer composer = new LineComposer(() -> ZoneId.of("Asia/Kolkata"));

    @Test
    void structuredLineHasTheFixedFieldsThenThePairs() {
        assertThat(line(LogSettings.DEFAULT, "path", "a.conf", "count", 3))
                .isEqualTo("msg=\"Configuration OK\" subsystem=\"setup\" level=\"0\" prio=\"Info\" "
                        + "ts=\"1795356005.097\" path=\"a.conf\" count=\"3\"\n");
    }

    @Test
    void quotesAndBackslashesAreEscaped() {
        assertThat(line(LogSettings.DEFAULT, "path", "a\"b\\c")).endsWith(" path=\"a\\\"b\\\\c\"\n");
    }

    @Test
    void valueCannotForgeASecondLineInAnyForm() {
        for (LogFormat format : LogFormat.values()) {
            String line = line(LogSettings.DEFAULT.withFormat(format), "path", "a\nmsg=\"forged\"\r\u0000\u007f");
            assertThat(line.lines()).as(format.name()).hasSize(format == LogFormat.JOURNAL ? 7 : 1);
            assertThat(line).as(format.name()).endsWith("\n");
            assertThat(line).as(format.name()).contains("a\\nmsg=").contains("\\r\\u0000\\u007f");
        }
    }

    @Test
    void jsonHasTheSameFieldsAsStringsInTheOrderOfTheirKeys() {
        assertThat(line(LogSettings.DEFAULT.withFormat(LogFormat.JSON).withInstance("one"), "path", "a\"b", "count", 3))
                .isEqualTo("{\"count\": \"3\", \"instance\": \"one\", \"level\": \"0\", \"msg\": \"Configuration OK\", "
                        + "\"path\": \"a\\\"b\", \"prio\": \"Info\", \"priority\": \"6\", "
                        + "\"subsystem\": \"setup\", \"ts\": \"1795356005.097\"}\n");
    }

    /** Names as dnsdist's dictionary of structured logging has them. */
    @Test
    void journalHasAFieldALineAndItsOwnNamesStayItsOwn() {
        LogSettings journal = LogSettings.DEFAULT.withFormat(LogFormat.JOURNAL).withInstance("one");
        assertThat(line(
                        journal.withTimestampPrefix(true),
                        "backend.address",
                        "192.0.2.1:53",
                        "tid",
                        7,
                        "error",
                        "a\nB=c"))
                .isEqualTo("""
                        MESSAGE=Configuration OK
                        PRIORITY=6
                        SYSLOG_IDENTIFIER=weir
                        SUBSYSTEM=setup
                        LEVEL=0
                        TIMESTAMP=1795356005.097
                        INSTANCE=one
                        BACKEND_ADDRESS=192.0.2.1:53
                        PDNS_TID=7
                        ERROR=a\\nB=c
                        """);
    }

    @Test
    void plainFormFillsTheSentence() {
        LogSettings plain = LogSettings.DEFAULT.withFormat(LogFormat.PLAIN);
        assertThat(line(plain, "path", "a.conf")).isEqualTo("Configuration 'a.conf' OK!\n");
        assertThat(line(plain, "other", "x")).isEqualTo("Configuration '{path}' OK!\n");
    }

    @Test
    void plainFormWithoutASentenceListsThePairs() {
        LogSettings plain = LogSettings.DEFAULT.withFormat(LogFormat.PLAIN);
        assertThat(composer.compose(plain, Level.ERROR, "net", "No route", null, NOW_MS, new Object[] {"a", 1, "b", 2}))
                .isEqualTo("No route (a=1, b=2)\n");
    }

    @Test
    void iso8601TimeIsLocalWithOffset() {
        assertThat(line(LogSettings.DEFAULT.withTimeFormat(TimeFormat.ISO8601)))
                .contains(" ts=\"2026-11-22T19:30:05+0530\"");
    }

    @Test
    void timestampPrefixIsSyslogLike() {
        assertThat(line(LogSettings.DEFAULT.withTimestampPrefix(true))).startsWith("Nov 22 19:30:05 msg=");
    }

    @Test
    void instanceFollowsTheFixedFields() {
        assertThat(line(LogSettings.DEFAULT.withInstance("edge-1"), "path", "x"))
                .endsWith("ts=\"1795356005.097\" instance=\"edge-1\" path=\"x\"\n");
    }

    @Test
    void failureSaysItsMessageOrWhatItIs() {
        assertThat(line(LogSettings.DEFAULT, "error", new IOException("no route")))
                .endsWith(" error=\"no route\"\n");
        assertThat(line(LogSettings.DEFAULT, "error", new ClosedChannelException()))
                .endsWith(" error=\"closed channel\"\n");
        assertThat(line(LogSettings.DEFAULT.withFormat(LogFormat.JSON), "error", new StackOverflowError()))
                .contains("\"error\": \"stack overflow\"");
    }

    @Test
    void keyWithoutValueIsAProgrammingError() {
        assertThatThrownBy(() -> line(LogSettings.DEFAULT, "path")).isInstanceOf(IllegalArgumentException.class);
    }

    private String line(LogSettings settings, Object... pairs) {
        return composer.compose(
                settings,
                Level.INFO,
                CONFIGURATION_OK.subsystem(),
                CONFIGURATION_OK.text(),
                CONFIGURATION_OK.plain(),
                NOW_MS,
                pairs);
    }
}
