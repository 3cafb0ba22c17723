package dev.weir.net;

import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import java.net.BindException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells failures of this host from those of a backend: want of descriptors, memory, buffers, ports or permission says nothing about who was
 * to be asked.
 *
 * <p>The JDK's exceptions have no error number, only its text. Where the JVM runs in another language than English, of those only the ones
 * with a class of their own are recognised.
 */
public final class OwnWant {
    private static final Set<String> TEXTS = Set.of(
            "Too many open files", // EMFILE
            "Too many open files in system", // ENFILE
            "No buffer space available", // ENOBUFS
            "Cannot allocate memory", // ENOMEM
            "Cannot assign requested address", // EADDRNOTAVAIL
            "Operation not permitted"); // EPERM

    private OwnWant() {}

    /** Whether this error number of a call that opens, binds, connects or sends speaks of this host. */
    public static boolean is(int errno) {
        return switch (errno) {
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM, Errno.EADDRNOTAVAIL, Errno.EPERM -> true;
            default -> false;
        };
    }

    /** Whether this failure, or what caused it, speaks of this host. */
    public static boolean is(@Nullable Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause() == at ? null : at.getCause()) {
            boolean own = at instanceof SyscallException call
                    ? is(call.errno())
                    : at instanceof BindException || TEXTS.contains(textOf(at));
            if (own) {
                return true;
            }
        }
        return false;
    }

    /** The error's own words; some of the JDK's stand before an address or after the call. */
    private static String textOf(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        int colon = message.indexOf(": ");
        return colon < 0
                ? message
                : TEXTS.contains(message.substring(0, colon))
                        ? message.substring(0, colon)
                        : message.substring(colon + 2);
    }

    /** The innermost cause, which a log line tells. */
    public static Throwable causeOf(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null && at.getCause() != at) {
            at = at.getCause();
        }
        return at;
    }
}
