package dev.weir.net.tls;

import dev.weir.engine.listen.TicketKeyWatch;
import dev.weir.engine.listen.TlsControl;
import dev.weir.engine.listen.TlsSpec;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The keys of one listener's session tickets, and when the next one is due, whatever speaks TLS there. Any thread. */
abstract class RotatingTickets implements TlsControl {
    private final TlsSpec.Sessions sessions;
    private final LongSupplier clockNanos;
    private volatile TicketKeys keys;
    private volatile long nextRotationNanos;
    private volatile TicketKeyWatch watch = new TicketKeyWatch();

    /** @throws IOException if the file of keys can't be read */
    RotatingTickets(TlsSpec.Sessions sessions) throws IOException {
        this(sessions, System::nanoTime);
    }

    RotatingTickets(TlsSpec.Sessions sessions, LongSupplier clockNanos) throws IOException {
        this.sessions = sessions;
        this.clockNanos = clockNanos;
        this.keys = sessions.ticketKeyFile().isEmpty()
                ? TicketKeys.random()
                : TicketKeys.read(sessions.ticketKeyFile(), sessions.ticketKeys());
        this.nextRotationNanos = afterRotation();
    }

    final TicketKeys keys() {
        return keys;
    }

    /** Makes and takes tickets with these from now on. Called with this object's lock. */
    abstract void use(TicketKeys fresh);

    private long afterRotation() {
        return clockNanos.getAsLong() + TimeUnit.SECONDS.toNanos(sessions.rotationSeconds());
    }

    private boolean isDue() {
        return sessions.rotationSeconds() > 0 && clockNanos.getAsLong() - nextRotationNanos >= 0;
    }

    /** A handshake is about to begin. Of several threads that find the key too old, one makes the next. */
    final void rotateIfDue() {
        if (isDue()) {
            synchronized (this) {
                if (isDue()) {
                    rotateTicketKey();
                }
            }
        }
    }

    /** Tells somebody of the keys there are, and of each that comes. */
    public final synchronized void tellOfKeys(TicketKeyWatch newWatch) {
        watch = newWatch;
        keys.keys().reversed().forEach(newWatch::added);
    }

    private void take(TicketKeys fresh) {
        TicketKeys former = keys;
        keys = fresh;
        fresh.keys().reversed().stream().filter(key -> !former.has(key)).forEach(watch::added);
        nextRotationNanos = afterRotation();
        use(fresh);
    }

    @Override
    public final void rotateTicketKey() {
        addTicketKey(TicketKeys.newKey());
    }

    @Override
    public final synchronized void loadTicketKeys(String file) throws IOException {
        take(TicketKeys.read(file, sessions.ticketKeys()));
    }

    @Override
    public final synchronized void addTicketKey(byte[] key) {
        take(keys.with(key, sessions.ticketKeys()));
    }

    @Override
    public final int ticketKeys() {
        return keys.keys().size();
    }

    @Override
    public final long rotationSeconds() {
        return sessions.rotationSeconds();
    }

    @Override
    public final @Nullable Instant nextRotation() {
        return sessions.rotationSeconds() == 0
                ? null
                : Instant.now().plusNanos(nextRotationNanos - clockNanos.getAsLong());
    }
}
