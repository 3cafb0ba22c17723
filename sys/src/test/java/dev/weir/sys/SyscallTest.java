package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SyscallTest {
    private static final long NO_SUCH_SYSCALL = 4000;
    private static final int ROUNDS = 100_000;

    @Test
    void failuresAreNegativeErrno() {
        assertThat(Syscall.call(SyscallNumber.CLOSE, -1)).isEqualTo(-Errno.EBADF);
        assertThat(Syscall.call(NO_SUCH_SYSCALL, 0)).isEqualTo(-Errno.ENOSYS);
    }

    /** Two threads fail in different ways at the same time; with one errno memory between them they would read each other's. */
    @Test
    void eachThreadHasItsOwnErrno() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Integer> badFd = threads.submit(count(together, SyscallNumber.CLOSE, -Errno.EBADF));
            Future<Integer> noSuchCall = threads.submit(count(together, NO_SUCH_SYSCALL, -Errno.ENOSYS));
            assertThat(badFd.get()).isEqualTo(ROUNDS);
            assertThat(noSuchCall.get()).isEqualTo(ROUNDS);
        }
    }

    private static Callable<Integer> count(CyclicBarrier together, long number, long expected) {
        return () -> {
            together.await();
            int right = 0;
            for (int i = 0; i < ROUNDS; i++) {
                right += Syscall.call(number, -1) == expected ? 1 : 0;
            }
            return right;
        };
    }

    @Test
    void errorsHaveNameAndMeaning() {
        assertThat(Errno.describe(Errno.EADDRINUSE)).isEqualTo("EADDRINUSE: address already in use");
        assertThat(Errno.name(Errno.EPERM)).isEqualTo("EPERM");
        assertThat(Errno.describe(4095)).isEqualTo("errno 4095");
        assertThat(new SyscallException("bind(127.0.0.1:53)", Errno.EACCES, "needs a capability"))
                .hasMessage("bind(127.0.0.1:53): EACCES: permission denied (needs a capability)");
    }
}
