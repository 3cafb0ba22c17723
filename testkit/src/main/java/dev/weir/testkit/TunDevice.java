package dev.weir.testkit;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * A device that carries bare IP packets, as WireGuard's and ppp's do: what is written here comes in there. It goes when it is closed.
 *
 * @see <a href="https://docs.kernel.org/networking/tuntap.html">Universal TUN/TAP device driver</a>
 */
public final class TunDevice implements AutoCloseable {
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final long TUNSETIFF = 0x400454caL;
    private static final short IFF_TUN_NO_PI = 0x1001;
    private static final int IFREQ_BYTES = 40;
    private static final int IFREQ_FLAGS = 16;
    private static final Linker.Option VARIADIC_FROM_THIRD = Linker.Option.firstVariadicArg(2);

    private static final MethodHandle OPEN =
            handle("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), VARIADIC_FROM_THIRD);
    private static final MethodHandle IOCTL =
            handle("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), VARIADIC_FROM_THIRD);
    private static final MethodHandle WRITE =
            handle("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private final int fd;

    private TunDevice(int fd) {
        this.fd = fd;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
    }

    /** Makes a device in the calling thread's network namespace. Needs CAP_NET_ADMIN. */
    public static TunDevice create(String name) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int fd = (int) OPEN.invokeExact(arena.allocateFrom("/dev/net/tun"), O_RDWR | O_CLOEXEC, 0);
            if (fd < 0) {
                throw new IOException("/dev/net/tun can't be opened");
            }
            MemorySegment request = arena.allocate(IFREQ_BYTES);
            request.setString(0, name, StandardCharsets.US_ASCII);
            request.set(JAVA_SHORT, IFREQ_FLAGS, IFF_TUN_NO_PI);
            TunDevice device = new TunDevice(fd);
            if ((int) IOCTL.invokeExact(fd, TUNSETIFF, request) != 0) {
                device.close();
                throw new IOException("no device " + name + " can be made");
            }
            return device;
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("libc throws nothing", t);
        }
    }

    /** Has an IP packet come in. */
    public void send(byte[] packet) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            long written = (long) WRITE.invokeExact(fd, arena.allocateFrom(JAVA_BYTE, packet), (long) packet.length);
            if (written != packet.length) {
                throw new IOException("the packet was not taken");
            }
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("libc throws nothing", t);
        }
    }

    @Override
    public void close() {
        try {
            int result = (int) CLOSE.invokeExact(fd);
            assert result == 0;
        } catch (Throwable t) {
            throw new AssertionError("libc throws nothing", t);
        }
    }
}
