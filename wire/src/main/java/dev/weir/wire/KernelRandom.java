package dev.weir.wire;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/**
 * Numbers that nobody can foresee, from the kernel itself ({@code urandom(4)}): for the secrets that a start needs. The JDK's
 * {@link SecureRandom} gives the same and loads its security providers for it first, a tenth of a daemon's start; it is used where there is no such
 * device. Any thread; each call is a system call or three.
 */
public final class KernelRandom implements RandomGenerator {
    private static final String DEVICE = "/dev/urandom";

    @Override
    public long nextLong() {
        byte[] octets = new byte[Long.BYTES];
        nextBytes(octets);
        return Octets.u64(octets, 0);
    }

    @Override
    public void nextBytes(byte[] octets) {
        try (InputStream device = new FileInputStream(DEVICE)) {
            if (device.readNBytes(octets, 0, octets.length) == octets.length) {
                return;
            }
        } catch (IOException e) {
            // A root directory without devices.
        }
        new SecureRandom().nextBytes(octets);
    }
}
