package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixDatagramTest {
    @TempDir
    Path directory;

    @Test
    void sendsToAPath() throws SyscallException {
        String path = directory.resolve("socket").toString();
        try (Receiver receiver = new Receiver(path);
                UnixDatagram datagram = UnixDatagram.connect(path)) {
            datagram.send("READY=1".getBytes(StandardCharsets.UTF_8));
            datagram.send("STOPPING=1".getBytes(StandardCharsets.UTF_8));
            assertThat(receiver.next()).isEqualTo("READY=1");
            assertThat(receiver.next()).isEqualTo("STOPPING=1");
        }
    }

    @Test
    void sendsToAnAbstractName() throws SyscallException {
        String name = "@weir-test-" + ProcessHandle.current().pid();
        try (Receiver receiver = new Receiver(name);
                UnixDatagram datagram = UnixDatagram.connect(name)) {
            datagram.send("READY=1".getBytes(StandardCharsets.UTF_8));
            assertThat(receiver.next()).isEqualTo("READY=1");
        }
    }

    @Test
    void anAbstractNameHasOneOwnerAtATime() throws SyscallException {
        String name = "@weir-owner-" + ProcessHandle.current().pid();
        try (UnixDatagram first = UnixDatagram.bind(name);
                UnixDatagram client = UnixDatagram.connect(name)) {
            client.send(new byte[] {1});
            assertErrno(Errno.EADDRINUSE, () -> UnixDatagram.bind(name));
        }
        UnixDatagram.bind(name).close();
    }

    @Test
    void receiverThatIsGoneOrBusyIsAnError() throws SyscallException {
        String path = directory.resolve("gone").toString();
        assertErrno(Errno.ENOENT, () -> UnixDatagram.connect(path));
        assertErrno(Errno.EINVAL, () -> UnixDatagram.connect("/" + "x".repeat(107)));
        assertErrno(Errno.EINVAL, () -> UnixDatagram.connect(""));
        Receiver receiver = new Receiver(path);
        try (UnixDatagram datagram = UnixDatagram.connect(path)) {
            assertErrno(Errno.EAGAIN, () -> {
                for (int i = 0; i < 100_000; i++) {
                    datagram.send(new byte[1]);
                }
            });
            receiver.close();
            assertErrno(Errno.ECONNREFUSED, () -> datagram.send(new byte[1]));
        }
    }

    @Test
    void longestPathFits() throws Exception {
        String path = directory.resolve("d").toString();
        path += "x".repeat(107 - path.length());
        try (Receiver receiver = new Receiver(path);
                UnixDatagram datagram = UnixDatagram.connect(path)) {
            datagram.send(new byte[] {'a'});
            assertThat(receiver.next()).isEqualTo("a");
            assertThat(Files.exists(Path.of(path))).isTrue();
        }
    }

    private static void assertErrno(int errno, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(SyscallException.class, e -> assertThat(e.errno())
                .isEqualTo(errno));
    }

    /** The other end, made of bare system calls. */
    private static final class Receiver implements AutoCloseable {
        private final Fd fd;

        Receiver(String address) throws SyscallException {
            fd = new Fd((int) SyscallException.check("socket", Syscall.call(SyscallNumber.SOCKET, 1, 2, 0)));
            byte[] name = address.replace('@', '\0').getBytes(StandardCharsets.UTF_8);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment sockaddr = arena.allocate(110, 2);
                sockaddr.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
                MemorySegment.copy(name, 0, sockaddr, ValueLayout.JAVA_BYTE, 2, name.length);
                SyscallException.check(
                        "bind", Syscall.call(SyscallNumber.BIND, fd.number(), sockaddr.address(), 2 + name.length));
            }
        }

        String next() throws SyscallException {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(100);
                int length = (int) SyscallException.check(
                        "read", Syscall.call(SyscallNumber.READ, fd.number(), buffer.address(), 100));
                return new String(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            }
        }

        @Override
        public void close() {
            fd.close();
        }
    }
}
