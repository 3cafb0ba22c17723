package dev.weir.gate.guard;

import dev.weir.ebpf.link.XdpMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where on a packet's way a guard is to stand. */
public enum AttachMode {
    /** In the driver; generic where the driver can't. */
    AUTO,
    /** In the driver, before the kernel has made a buffer of the packet. */
    NATIVE,
    /** Behind the driver: works with every device, costs more. */
    GENERIC;

    /** Returns the word for where a program is. */
    public static String nameOf(@Nullable XdpMode mode) {
        return switch (mode) {
            case null -> "none";
            case ANY -> "several";
            default -> mode.name().toLowerCase(Locale.ROOT);
        };
    }
}
