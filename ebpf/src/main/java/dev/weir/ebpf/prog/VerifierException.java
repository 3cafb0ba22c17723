package dev.weir.ebpf.prog;

import dev.weir.sys.Errno;
import java.io.IOException;

/** A program that the kernel's verifier refused: one line of what is wrong, the whole log on demand. */
public final class VerifierException extends IOException {
    private final int errno;
    private final String summary;
    private final String log;

    VerifierException(String program, int errno, String log) {
        this(program, errno, VerifierLog.summary(log), log);
    }

    private VerifierException(String program, int errno, String summary, String log) {
        super("program " + program + ": " + Errno.name(errno) + " from the verifier: " + summary);
        this.errno = errno;
        this.summary = summary;
        this.log = log;
    }

    public int errno() {
        return errno;
    }

    /** Returns what is wrong in one line: the verifier's complaint, the instruction and the source line. */
    public String summary() {
        return summary;
    }

    /** Returns everything the verifier wrote. */
    public String log() {
        return log;
    }
}
