package dev.weir.ebpf.btf;

import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.Fd;
import dev.weir.sys.SyscallException;
import java.lang.foreign.MemorySegment;

/**
 * BTF that the kernel has taken, by file descriptor. Maps and programs made with it keep it alive, so it may be closed once they are made.
 * Since Linux 4.18.
 */
public final class LoadedBtf implements AutoCloseable {
    private final Fd fd;

    private LoadedBtf(Fd fd) {
        this.fd = fd;
    }

    /** Hands BTF to the running kernel, which checks it. */
    public static LoadedBtf load(Btf btf) throws SyscallException {
        return load(Bpf.kernel(), btf);
    }

    /** Hands BTF to the kernel, which checks it. */
    public static LoadedBtf load(Bpf bpf, Btf btf) throws SyscallException {
        long result = bpf.btfLoad(btf.raw(), MemorySegment.NULL);
        if (result < 0) {
            throw Bpf.failure(BpfCommand.BPF_BTF_LOAD, result);
        }
        return new LoadedBtf(Bpf.adopt(result));
    }

    public Fd fd() {
        return fd;
    }

    @Override
    public void close() {
        fd.close();
    }
}
