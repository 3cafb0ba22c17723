package dev.weir.ebpf.prog;

import dev.weir.ebpf.btf.KernelTypes;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * What tracing programs are loaded for: something of the kernel's with a number in its types. Functions go by their names; others have names
 * made of a prefix.
 */
final class AttachTarget {
    private AttachTarget() {}

    /** Returns the number of what the program is for; 0 for types that are loaded for nothing in particular. */
    static int of(ProgramSpec spec) throws IOException {
        AttachType type = AttachType.ofNumber(spec.attachType());
        boolean needed = spec.type() == ProgramType.TRACING || spec.type() == ProgramType.LSM;
        if (!needed || type == null) {
            return 0;
        }
        String target = spec.attachTo();
        if (target.isEmpty()) {
            throw new IOException("program " + spec.name() + ": the section " + spec.section()
                    + " does not say what it is for, as in fentry/tcp_connect; use withAttachTo");
        }
        return switch (type) {
            case RAW_TRACEPOINT -> found(spec, "tracepoint", "btf_trace_" + target, true);
            case ITERATOR -> found(spec, "iterator", "bpf_iter_" + target, false);
            case LSM, LSM_CGROUP -> found(spec, "security hook", "bpf_lsm_" + target, false);
            default -> found(spec, "function", target, false);
        };
    }

    private static int found(ProgramSpec spec, String kind, String name, boolean typedef) throws IOException {
        Map<String, Integer> ids = typedef ? KernelTypes.typedefs(Set.of(name)) : KernelTypes.functions(Set.of(name));
        Integer id = ids.get(name);
        if (id == null) {
            throw new IOException("program " + spec.name() + " is for the kernel's " + kind + " " + spec.attachTo()
                    + ", which this kernel's types do not have");
        }
        return id;
    }
}
