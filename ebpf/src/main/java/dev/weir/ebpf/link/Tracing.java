package dev.weir.ebpf.link;

import dev.weir.ebpf.prog.Program;
import dev.weir.sys.SyscallException;

/**
 * Attaches programs that were loaded for something of the kernel's: {@code fentry}, {@code fexit} and {@code fmod_ret} for functions, cheaper
 * than kprobes and with arguments by their types; {@code tp_btf} for tracepoints; {@code lsm} for security hooks. Since Linux 5.5.
 *
 * @see <a href="https://docs.kernel.org/bpf/libbpf/program_types.html">Program Types and ELF Sections</a>
 */
public final class Tracing {
    private Tracing() {}

    /** Attaches to what the program was loaded for. @throws SyscallException EINVAL if it was loaded for nothing, EBUSY if it is attached */
    public static BpfLink attach(Program program) throws SyscallException {
        return BpfLink.raw(program, null);
    }
}
