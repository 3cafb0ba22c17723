package dev.weir.gate.guard;

import java.util.List;

/**
 * What became of a device that is guarded no more.
 *
 * @param programId the program that was on it, 0 if only remains were there to be cleared away
 * @param notes what people should know
 */
public record Detached(String device, int programId, List<String> notes) {
    public Detached {
        notes = List.copyOf(notes);
    }
}
