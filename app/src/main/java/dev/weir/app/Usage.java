package dev.weir.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The texts of {@code --help} and {@code --version}. */
final class Usage {
    private static final int MEANING_COLUMN = 48;

    private Usage() {}

    static String help() {
        StringBuilder text = new StringBuilder("""
                Usage: weir [OPTION]... [ADDRESS]...
                       weir demo [--help]
                       weir lua [--help]
                       weir bpf [--help]
                       weir convert [--help]
                       weir explain NAME [TYPE] [--help]
                       weir reload [--help]
                       weir top [--help]
                       weir xdp [--help]
                       weir schema
                       weir ledger
                       weir settings
                Balances DNS queries over the backends of a dnsdist configuration and the given addresses.

                """);
        for (Flag flag : Flag.values()) {
            int start = text.length();
            text.append("  ").append(flag.letter == 0 ? "    " : "-" + flag.letter + ", ");
            text.append("--").append(flag.word);
            if (flag.value != null) {
                text.append(' ').append(flag.value);
            }
            do {
                text.append(' ');
            } while (text.length() - start < MEANING_COLUMN);
            text.append(flag.meaning).append('\n');
        }
        return text.append("\nWithout -C the configuration is ")
                .append(CommandLine.DEFAULT_CONFIG)
                .append(".\n")
                .toString();
    }

    /** The line of {@code --version}, without a newline; part of what {@code showVersion()} says. */
    static String version() {
        return "weir " + number() + " (Lua 5.1 [LuaJIT 2.1.0-beta3])";
    }

    /** The names that dnsdist gives to optional parts, for those that Weir has. */
    static String features() {
        return "Enabled features: recvmmsg/sendmmsg systemd";
    }

    static String number() {
        try (InputStream in = Usage.class.getResourceAsStream("version")) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks the version resource");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new IllegalStateException("the version resource cannot be read", e);
        }
    }
}
