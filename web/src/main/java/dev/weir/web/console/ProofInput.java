package dev.weir.web.console;

import java.io.FilterInputStream;
import java.io.IOException;
import java.net.Socket;

/**
 * What a stranger sends on a console connection: at most {@value #PROOF_BYTES} octets in {@value #PROOF_MS} ms altogether, however they are dealt
 * out. Nonce and first message of every known client are 44 octets. Once the peer is {@link #proven} to know the key, it may stay silent for
 * days, and its messages may be as long as a command reasonably is.
 *
 * <p>One thread at a time.
 */
final class ProofInput extends FilterInputStream {
    static final int PROOF_MS = 10_000;
    static final int PROOF_BYTES = 512;

    /** The longest command, much longer than any that a person types. */
    static final int COMMAND_BYTES = 1 << 20;

    private final Socket socket;
    private final int proofMillis;
    private final long deadlineNanos;
    private int bytesLeft = PROOF_BYTES;
    private boolean proven;

    /** @param proofMillis {@link #PROOF_MS} */
    ProofInput(Socket socket, int proofMillis) throws IOException {
        super(socket.getInputStream());
        this.socket = socket;
        this.proofMillis = proofMillis;
        this.deadlineNanos = System.nanoTime() + proofMillis * 1_000_000L;
    }

    /** The peer knows the key. */
    void proven() throws IOException {
        if (!proven) {
            proven = true;
            socket.setSoTimeout(0);
            socket.setKeepAlive(true);
        }
    }

    /** The longest message that is read now. */
    int mostBytes() {
        return proven ? COMMAND_BYTES : bytesLeft;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (proven) {
            return super.read(target, offset, length);
        }
        long millisLeft = (deadlineNanos - System.nanoTime()) / 1_000_000;
        if (millisLeft <= 0) {
            throw new ConsoleException("the key was not proven within " + proofMillis + " ms");
        }
        if (bytesLeft == 0) {
            throw new ConsoleException("the key was not proven within " + PROOF_BYTES + " bytes");
        }
        socket.setSoTimeout((int) millisLeft);
        int count = super.read(target, offset, Math.min(length, bytesLeft));
        bytesLeft -= Math.max(0, count);
        return count;
    }
}
