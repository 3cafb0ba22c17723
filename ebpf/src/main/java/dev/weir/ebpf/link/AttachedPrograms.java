package dev.weir.ebpf.link;

import dev.weir.sys.QueryAttr;
import java.util.List;

/**
 * What is attached at a place.
 *
 * @param programs in the order in which they run
 * @param revision counts changes of the place; 0 where the kernel does not say
 */
public record AttachedPrograms(List<Entry> programs, long revision) {
    /**
     * One program.
     *
     * @param linkId of its link; 0 if it was attached without one, or the kernel does not say (before Linux 6.6, and on cgroups)
     */
    public record Entry(int programId, int linkId) {}

    public AttachedPrograms {
        programs = List.copyOf(programs);
    }

    static AttachedPrograms of(QueryAttr.Result result) {
        return new AttachedPrograms(
                result.entries().stream()
                        .map(entry -> new Entry(entry.programId(), entry.linkId()))
                        .toList(),
                result.revision());
    }
}
