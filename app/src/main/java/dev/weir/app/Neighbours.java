package dev.weir.app;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.LinkAddresses;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.sys.Neighbour;
import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.SyscallException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's table of neighbours, read again when it is asked for one that was not there, or after a second: ten times a second at the most, by
 * one thread, while the others go by what was known. Any thread.
 *
 * <p>Source: rtnetlink(7), RTM_GETNEIGH.
 */
final class Neighbours implements LinkAddresses {
    private static final long OLD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final LogLimit COMPLAINTS = new LogLimit(60);

    private final LongSupplier nanos;
    private final ReentrantLock reading = new ReentrantLock();

    private record Seen(Map<IpAddress, byte[]> addresses, long atNanos) {}

    private volatile Seen seen;

    Neighbours(LongSupplier nanos) {
        this.nanos = nanos;
        this.seen = new Seen(Map.of(), nanos.getAsLong() - OLD_NANOS - 1);
    }

    @Override
    public byte @Nullable [] of(IpAddress address) {
        IpAddress key = address.withScope(0);
        Seen last = seen;
        byte[] known = last.addresses.get(key);
        long age = nanos.getAsLong() - last.atNanos;
        if (age <= (known == null ? FRESH_NANOS : OLD_NANOS) || !reading.tryLock()) {
            return known;
        }
        try {
            seen = new Seen(read(), nanos.getAsLong());
        } finally {
            reading.unlock();
        }
        return seen.addresses.get(key);
    }

    private static Map<IpAddress, byte[]> read() {
        Map<IpAddress, byte[]> addresses = new HashMap<>();
        try (NetlinkRoute route = new NetlinkRoute()) {
            for (Neighbour neighbour : route.neighbours()) {
                if (isKnown(neighbour.hardwareAddress())) {
                    addresses.put(IpAddress.of(neighbour.address().getAddress()), neighbour.hardwareAddress());
                }
            }
        } catch (SyscallException e) {
            if (COMPLAINTS.admit(System.nanoTime()) > 0) {
                Log.warning("Unable to read the table of neighbours", "rules", "error", e);
            }
        }
        return addresses;
    }

    /** Devices without such addresses, the loopback among them, have zeros. */
    private static boolean isKnown(byte[] hardwareAddress) {
        for (byte octet : hardwareAddress) {
            if (octet != 0) {
                return true;
            }
        }
        return false;
    }
}
