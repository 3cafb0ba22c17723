package dev.weir.ebpf.prog;

import dev.weir.sys.ProgInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel says of a program.
 *
 * @param id unique while the machine runs
 * @param type null if it is newer than this toolkit
 * @param name the first 15 bytes of its function's
 * @param tag a hash over the instructions, in hexadecimal
 * @param mapIds the maps that it uses
 * @param instructions how many it has after verification
 * @param verifiedInstructions how many the verifier walked; 0 before Linux 5.16
 * @param runTimeNs time spent in it while statistics were on, which {@link Program#enableStatistics} does
 * @param runCount runs while statistics were on
 */
public record ProgramDescription(
        int id,
        @Nullable ProgramType type,
        String name,
        String tag,
        List<Integer> mapIds,
        int instructions,
        int verifiedInstructions,
        long runTimeNs,
        long runCount) {
    static ProgramDescription of(ProgInfo info) {
        return new ProgramDescription(
                info.id(),
                ProgramType.ofNumber(info.type()),
                info.name(),
                info.tag(),
                info.mapIds(),
                info.instructions(),
                info.verifiedInstructions(),
                info.runTimeNs(),
                info.runCount());
    }
}
