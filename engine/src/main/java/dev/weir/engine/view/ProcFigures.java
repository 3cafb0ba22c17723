package dev.weir.engine.view;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What the kernel says of this process, this machine and its network through {@code /proc} (proc_pid_stat(5), proc_stat(5), and the
 * kernel's networking/snmp_counter). Each call reads anew; what can't be read, as in a tight sandbox, is 0. Counters of the network and
 * the machine count for all processes, and since the machine's start.
 */
public final class ProcFigures {
    /** The unit of times in /proc, USER_HZ, is 1/100 s on every architecture that Java runs on. */
    private static final int MILLIS_PER_TICK = 10;

    private static final int BYTES_PER_KILOBYTE = 1024;

    private final Path proc;

    /** @param proc {@code /proc}, or a copy */
    public ProcFigures(Path proc) {
        this.proc = proc;
    }

    /** Memory of the process that is in RAM, in octets. */
    long residentBytes() {
        return statusKilobytes("VmRSS:") * BYTES_PER_KILOBYTE;
    }

    /** The part of it that no file backs and nobody shares, in octets. */
    long anonymousBytes() {
        return statusKilobytes("RssAnon:") * BYTES_PER_KILOBYTE;
    }

    private long statusKilobytes(String key) {
        for (String line : read("self/status").split("\n", -1)) {
            if (line.startsWith(key)) {
                return number(line.strip().split("\\s+", -1), 1);
            }
        }
        return 0;
    }

    long userMillis() {
        return processTicks(14) * MILLIS_PER_TICK;
    }

    long systemMillis() {
        return processTicks(15) * MILLIS_PER_TICK;
    }

    /** A field of {@code self/stat}, numbered from 1 as its manual page does. */
    private long processTicks(int field) {
        String stat = read("self/stat");
        // Field 2, the command, may contain spaces and parentheses; field 3 follows the last one.
        String[] fromThird = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        return number(fromThird, field - 3);
    }

    /** Time the machine's processors idled while something waited for a disk, in USER_HZ. */
    long ioWaitTicks() {
        return machineTicks(5);
    }

    /** Time the hypervisor gave to others, in USER_HZ. */
    long stealTicks() {
        return machineTicks(8);
    }

    private long machineTicks(int field) {
        String stat = read("stat");
        int end = stat.indexOf('\n');
        return number((end < 0 ? stat : stat.substring(0, end)).split("\\s+", -1), field);
    }

    /** Open file descriptors. */
    long openFiles() {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc.resolve("self/fd"))) {
            // The stream itself holds one open.
            long count = -1;
            for (Path ignored : entries) {
                count++;
            }
            return count;
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * The counters of UDP over IPv4 ({@code Udp.InErrors}), of UDP over IPv6 ({@code Udp6InErrors}) and of TCP's extensions
     * ({@code TcpExt.ListenOverflows}).
     */
    Map<String, Long> network() {
        Map<String, Long> counters = new HashMap<>();
        titled("net/snmp", counters);
        titled("net/netstat", counters);
        for (String line : read("net/snmp6").split("\n", -1)) {
            String[] words = line.strip().split("\\s+", -1);
            counters.put(words[0], number(words, 1));
        }
        return counters;
    }

    /** A file where each line of names is followed by one of numbers, both behind the same word and a colon. */
    private void titled(String file, Map<String, Long> counters) {
        String[] lines = read(file).split("\n", -1);
        for (int i = 0; i + 1 < lines.length; i += 2) {
            String[] names = lines[i].split(" ", -1);
            String[] values = lines[i + 1].split(" ", -1);
            for (int n = 1; n < names.length; n++) {
                counters.put(names[0].replace(":", ".") + names[n], number(values, n));
            }
        }
    }

    private String read(String file) {
        try {
            return Files.readString(proc.resolve(file), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "";
        }
    }

    private static long number(String[] words, int index) {
        try {
            return index < words.length ? Long.parseLong(words[index]) : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
