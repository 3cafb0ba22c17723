package dev.weir.engine.listen;

import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The certificates that a listener for DNSCrypt serves under its provider's name, with their keys. Those that are active are told to clients;
 * queries for the others are still taken, so that a client may go on with the one it has got. Any thread; data threads read {@link #pairs}.
 */
public final class DnscryptCertificates {
    /**
     * A certificate with the resolver's private key that belongs to it.
     *
     * @param active whether clients are told of it
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by identity
    public record Pair(DnscryptCertificate certificate, byte[] privateKey, boolean active) {
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return certificate.hashCode();
        }

        /** Nothing of the key. */
        @Override
        public String toString() {
            return certificate + (active ? ", active" : ", not active");
        }
    }

    private final Name providerName;
    private final LongSupplier epochSeconds;
    private volatile List<Pair> pairs = List.of();

    /** Who has what is served here: this one, until a configuration that is read again has others. */
    private volatile DnscryptCertificates source = this;

    public DnscryptCertificates(Name providerName) {
        this(providerName, () -> System.currentTimeMillis() / 1000);
    }

    /** @param epochSeconds the time of day, by which certificates are valid or not */
    public DnscryptCertificates(Name providerName, LongSupplier epochSeconds) {
        this.providerName = providerName;
        this.epochSeconds = epochSeconds;
    }

    /** Serves from now on what another one has, also when that changes. */
    public void serve(DnscryptCertificates other) {
        source = other;
    }

    /** The name that clients ask for certificates. */
    public Name providerName() {
        return providerName;
    }

    /** As they were added; each change makes another list. */
    public List<Pair> pairs() {
        return source.pairs;
    }

    /** The certificates that clients are told of now. */
    public List<DnscryptCertificate> advertised() {
        long now = epochSeconds.getAsLong();
        return pairs().stream()
                .filter(pair -> pair.active && pair.certificate.isValidAt(now))
                .map(Pair::certificate)
                .toList();
    }

    /** The one that a message was encrypted for, as far as its first octets tell, active or not; null if none that is valid now. */
    public @Nullable Pair meantBy(byte[] message) {
        List<Pair> known = source.pairs;
        for (int i = 0;
                i < known.size();
                i++) { // an iterator per query is garbage until the compiler has seen through it
            Pair pair = known.get(i);
            if (pair.certificate.isMeantBy(message) && pair.certificate.isValidAt(epochSeconds.getAsLong())) {
                return pair;
            }
        }
        return null;
    }

    /** Whether it is valid now. */
    public boolean isValid(DnscryptCertificate certificate) {
        return certificate.isValidAt(epochSeconds.getAsLong());
    }

    /** @throws IllegalArgumentException if there is one with its serial number */
    public synchronized void add(Pair pair) {
        List<Pair> more = new ArrayList<>(pairs);
        more.add(pair);
        replace(more);
    }

    /** Serves these instead. @throws IllegalArgumentException if two have the same serial number; all stays as it was */
    public synchronized void replace(List<Pair> fresh) {
        if (fresh.stream().map(pair -> pair.certificate.serial()).distinct().count() < fresh.size()) {
            throw new IllegalArgumentException("two certificates have the same serial number");
        }
        pairs = List.copyOf(fresh);
    }

    /** Has clients told of a certificate, or no longer told. @throws IllegalArgumentException if there is none with this serial number */
    public synchronized void mark(long serial, boolean active) {
        Pair there = find(serial);
        List<Pair> changed = new ArrayList<>(pairs);
        changed.set(changed.indexOf(there), new Pair(there.certificate, there.privateKey, active));
        pairs = List.copyOf(changed);
    }

    /** Takes no more queries for a certificate that clients are not told of. @throws IllegalArgumentException if there is no such one */
    public synchronized void removeInactive(long serial) {
        Pair there = find(serial);
        if (there.active) {
            throw new IllegalArgumentException("the certificate with serial " + serial + " is active");
        }
        List<Pair> fewer = new ArrayList<>(pairs);
        fewer.remove(there);
        pairs = List.copyOf(fewer);
    }

    private Pair find(long serial) {
        return pairs.stream()
                .filter(pair -> pair.certificate.serial() == serial)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no certificate with serial " + serial));
    }
}
