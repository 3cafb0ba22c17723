package dev.weir.net.quic;

import dev.weir.engine.listen.QuicCounters;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens by which clients prove that they receive what is sent to their address, before anything is remembered of them (RFC 9000 section 8.1.2).
 *
 * <pre>
 *   octets  0 –  7   when it was made, in milliseconds of a clock of ours
 *           8 – 23   HMAC-SHA-256 over address, port, all before and all behind, cut to 128 bits
 *          24 –      the connection's id as the client chose it
 * </pre>
 *
 * The secret is random and lives as long as the listener. Belongs to its loop's thread.
 */
final class RetryTokens implements QuicTokenHandler {
    private static final int TIME = Long.BYTES;
    private static final int MAC = 16;
    private static final int ID = TIME + MAC;

    /** How long a client may take to come back; the kernel's queues and a lost packet are within that. */
    private static final long LIFETIME_MILLIS = TimeUnit.SECONDS.toMillis(10);

    private final QuicCounters counters;
    private final LongSupplier clockMillis;
    private final Mac mac;

    RetryTokens(QuicCounters counters) {
        this(counters, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    RetryTokens(QuicCounters counters, LongSupplier clockMillis) {
        this.counters = counters;
        this.clockMillis = clockMillis;
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf connectionId, InetSocketAddress address) {
        long time = clockMillis.getAsLong();
        byte[] id = ByteBufUtil.getBytes(connectionId);
        out.writeLong(time);
        out.writeBytes(seal(time, id, address));
        out.writeBytes(id);
        return true;
    }

    /** Where the client's first connection id begins, or -1. */
    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        int at = token.readerIndex();
        int length = token.readableBytes() - ID;
        boolean valid = false;
        if (length >= 0 && length <= Quic.MAX_CONN_ID_LEN) {
            long time = token.getLong(at);
            byte[] told = ByteBufUtil.getBytes(token, at + TIME, MAC);
            byte[] id = ByteBufUtil.getBytes(token, at + ID, length);
            long age = clockMillis.getAsLong() - time;
            valid = age >= 0 && age <= LIFETIME_MILLIS && MessageDigest.isEqual(told, seal(time, id, address));
        }
        if (!valid) {
            counters.invalidTokens.increment();
        }
        return valid ? ID : -1;
    }

    @Override
    public int maxTokenLength() {
        return ID + Quic.MAX_CONN_ID_LEN;
    }

    private byte[] seal(long time, byte[] id, InetSocketAddress address) {
        mac.update(address.getAddress().getAddress());
        mac.update((byte) (address.getPort() >> 8));
        mac.update((byte) address.getPort());
        for (int shift = Long.SIZE - 8; shift >= 0; shift -= 8) {
            mac.update((byte) (time >> shift));
        }
        return Arrays.copyOf(mac.doFinal(id), MAC);
    }
}
