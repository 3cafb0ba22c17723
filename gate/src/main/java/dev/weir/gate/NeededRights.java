package dev.weir.gate;

import dev.weir.sys.Capabilities;
import dev.weir.sys.SyscallException;
import java.util.ArrayList;
import java.util.List;

/** Which capabilities a thread lacks of those that something needs, in words. CAP_SYS_ADMIN stands for all of them, as before Linux 5.8. */
public final class NeededRights {
    private static final int MAJOR = 5;
    private static final int MINOR = 8;

    private NeededRights() {}

    /** Returns the calling thread's. */
    public static String missing(int... needed) {
        try {
            return missing(Capabilities.ofThread(), System.getProperty("os.version"), needed);
        } catch (SyscallException e) {
            return "";
        }
    }

    /**
     * Returns a phrase such as "CAP_BPF and CAP_NET_ADMIN are missing", empty if nothing is.
     *
     * @param kernel the version of the kernel
     */
    static String missing(Capabilities there, String kernel, int... needed) {
        if (there.has(Capabilities.CAP_SYS_ADMIN)) {
            return "";
        }
        if (isBefore(kernel, MAJOR, MINOR)) {
            return "CAP_SYS_ADMIN is missing, which stands for CAP_BPF before Linux 5.8";
        }
        List<String> missing = new ArrayList<>();
        for (int capability : needed) {
            if (!there.has(capability)) {
                missing.add(name(capability));
            }
        }
        return switch (missing.size()) {
            case 0 -> "";
            case 1 -> missing.getFirst() + " is missing";
            default ->
                String.join(", ", missing.subList(0, missing.size() - 1)) + " and " + missing.getLast()
                        + " are missing";
        };
    }

    private static String name(int capability) {
        return switch (capability) {
            case Capabilities.CAP_BPF -> "CAP_BPF";
            case Capabilities.CAP_NET_ADMIN -> "CAP_NET_ADMIN";
            case Capabilities.CAP_PERFMON -> "CAP_PERFMON";
            case Capabilities.CAP_SYS_ADMIN -> "CAP_SYS_ADMIN";
            default -> "capability " + capability;
        };
    }

    /** Whether a kernel's version is lower than one; versions that are none are not. */
    public static boolean isBefore(String kernel, int major, int minor) {
        String[] parts = kernel.split("[.-]", 3);
        if (parts.length < 2 || !parts[0].matches("\\d{1,4}") || !parts[1].matches("\\d{1,4}")) {
            return false;
        }
        int its = Integer.parseInt(parts[0]);
        return its < major || its == major && Integer.parseInt(parts[1]) < minor;
    }
}
