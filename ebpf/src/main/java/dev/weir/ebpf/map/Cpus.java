package dev.weir.ebpf.map;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The CPUs that per-CPU values are kept for: the possible ones, more than are online where CPUs can be added. */
public final class Cpus {
    private static final Path POSSIBLE = Path.of("/sys/devices/system/cpu/possible");

    private Cpus() {}

    /** Returns the number of possible CPUs. @throws UncheckedIOException without sysfs */
    public static int possible() {
        return Count.POSSIBLE;
    }

    /** Returns how far apart the values of two CPUs lie. */
    static int strideBytes(int valueBytes) {
        return (valueBytes + Long.BYTES - 1) & -Long.BYTES;
    }

    /** Counts the kernel's list format, as in {@code 0-7} or {@code 0,2-3}: numbers may be missing, and have no value then. */
    static int parse(String list) {
        int count = 0;
        for (String range : list.strip().split(",", -1)) {
            int dash = range.indexOf('-');
            count += dash < 0
                    ? 1
                    : Integer.parseInt(range.substring(dash + 1)) - Integer.parseInt(range.substring(0, dash)) + 1;
        }
        return count;
    }

    private static final class Count {
        static final int POSSIBLE = read();

        private static int read() {
            try {
                return parse(Files.readString(Cpus.POSSIBLE));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
