package dev.weir.gate.guard;

import dev.weir.ebpf.link.XdpMode;
import java.util.List;

/**
 * What came of attaching to a device.
 *
 * @param programId the program that now guards it
 * @param replacedId the guard that it stands in for, 0 if there was none
 * @param notes what an operator should know, a line each
 */
public record Attached(String device, XdpMode mode, int programId, int replacedId, List<String> notes) {
    public Attached {
        notes = List.copyOf(notes);
    }
}
