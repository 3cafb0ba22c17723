package dev.weir.ebpf.prog;

import dev.weir.ebpf.btf.Btf;
import org.jspecify.annotations.Nullable;

/**
 * How to load programs.
 *
 * @param kernelTypes what CO-RE relocations are answered from, null for the running kernel's own types
 * @param log what the verifier is to say of programs that it accepts; what it says of others is always kept
 */
public record ProgramOptions(@Nullable Btf kernelTypes, VerifierLogLevel log) {
    public static final ProgramOptions DEFAULT = new ProgramOptions(null, VerifierLogLevel.NONE);

    /** Answers CO-RE relocations from other types: of a kernel without types, for which people publish them, or of a test. */
    public ProgramOptions withKernelTypes(Btf types) {
        return new ProgramOptions(types, log);
    }

    /** Keeps the verifier's log also on success: see {@link Program#verifierLog}. */
    public ProgramOptions withLog(VerifierLogLevel level) {
        return new ProgramOptions(kernelTypes, level);
    }
}
