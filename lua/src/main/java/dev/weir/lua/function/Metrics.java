package dev.weir.lua.function;

import dev.weir.engine.Model;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.Statistics;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** All global statistics under dnsdist's names: the engine's, and what the kernel knows of this process and machine (proc(5)). */
final class Metrics {
    private static final String[] WINDOWS = {"100", "1000", "10000", "1000000"};
    private static final int PAGE = 4096;
    private static final int MILLISECONDS_PER_TICK = 10; // USER_HZ is 100 on every architecture that Java runs on

    private final Model model;

    Metrics(Model model) {
        this.model = model;
    }

    /** Counters are whole numbers, averages are not. */
    SortedMap<String, Number> all() {
        SortedMap<String, Number> all = new TreeMap<>();
        Statistics statistics = model.engine().statistics();
        for (Counter counter : Counter.values()) {
            all.put(counter.metric(), statistics.value(counter));
        }
        all.put("latency-sum", statistics.value(Counter.LATENCY_SUM) / 1000);
        for (int i = 0; i < WINDOWS.length; i++) {
            all.put("latency-avg" + WINDOWS[i], statistics.latencyAverage(i, false));
            all.put("latency-tcp-avg" + WINDOWS[i], statistics.latencyAverage(i, true));
        }
        all.put("uptime", model.engine().uptimeSeconds());
        all.put("security-status", 0L);
        process(all);
        machine(all);
        return all;
    }

    private static void process(Map<String, Number> all) {
        String stat = read("/proc/self/stat");
        // The command's name, in parentheses, may contain blanks; the fields counted from behind it start with the
        // third.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length > 12) {
            all.put("cpu-user-msec", Long.parseLong(fields[11]) * MILLISECONDS_PER_TICK);
            all.put("cpu-sys-msec", Long.parseLong(fields[12]) * MILLISECONDS_PER_TICK);
        }
        String[] memory = read("/proc/self/statm").split(" ", -1);
        if (memory.length > 1) {
            all.put("real-memory-usage", Long.parseLong(memory[1]) * PAGE);
            all.put("special-memory-usage", Long.parseLong(memory[1]) * PAGE);
        }
        all.put("fd-usage", countFiles());
    }

    private static long countFiles() {
        long count = 0;
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path ignored : open) {
                count++;
            }
        } catch (IOException e) {
            return 0;
        }
        return count;
    }

    private static void machine(Map<String, Number> all) {
        for (String line : read("/proc/stat").lines().limit(1).toList()) {
            String[] fields = line.split(" +", -1);
            if (fields.length > 8) {
                all.put("cpu-iowait", Long.parseLong(fields[5]));
                all.put("cpu-steal", Long.parseLong(fields[8]));
            }
        }
        Map<String, Long> udp = pairs("/proc/net/snmp", "Udp:");
        Map<String, Long> udp6 = words("/proc/net/snmp6");
        Map<String, Long> tcp = pairs("/proc/net/netstat", "TcpExt:");
        for (String[] name : new String[][] {
            {"in-errors", "InErrors"},
            {"noport-errors", "NoPorts"},
            {"recvbuf-errors", "RcvbufErrors"},
            {"sndbuf-errors", "SndbufErrors"},
            {"in-csum-errors", "InCsumErrors"}
        }) {
            all.put("udp-" + name[0], udp.getOrDefault(name[1], 0L));
            all.put("udp6-" + name[0], udp6.getOrDefault("Udp6" + name[1], 0L));
        }
        all.put("tcp-listen-overflows", tcp.getOrDefault("ListenOverflows", 0L));
    }

    /** Two lines with the same first word: names, then numbers. */
    private static Map<String, Long> pairs(String file, String first) {
        List<String> lines =
                read(file).lines().filter(line -> line.startsWith(first + " ")).toList();
        Map<String, Long> values = new HashMap<>();
        if (lines.size() >= 2) {
            String[] names = lines.get(0).split(" ", -1);
            String[] numbers = lines.get(1).split(" ", -1);
            for (int i = 1; i < Math.min(names.length, numbers.length); i++) {
                values.put(names[i], Long.parseLong(numbers[i]));
            }
        }
        return values;
    }

    private static Map<String, Long> words(String file) {
        Map<String, Long> values = new HashMap<>();
        read(file).lines().forEach(line -> {
            String[] words = line.strip().split("\\s+", -1);
            if (words.length == 2) {
                values.put(words[0], Long.parseLong(words[1]));
            }
        });
        return values;
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            return "";
        }
    }
}
