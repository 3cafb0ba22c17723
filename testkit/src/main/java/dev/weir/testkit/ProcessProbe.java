package dev.weir.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What /proc tells about a process, to see leaks; Linux only (proc(5)). */
public record ProcessProbe(long pid) {
    /** Open file descriptors. */
    public int openFds() {
        return entries("fd");
    }

    /** Threads. */
    public int threads() {
        return entries("task");
    }

    /** Resident memory in kibibytes. */
    public long residentKib() {
        try (Stream<String> lines = Files.lines(proc("status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int entries(String directory) {
        try (Stream<Path> entries = Files.list(proc(directory))) {
            return Math.toIntExact(entries.count());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(pid), file);
    }
}
