package dev.weir.web.console;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * One end of a console connection after its handshake: whole messages in and out, encrypted and in order.
 *
 * <pre>
 *  u32 length, big endian | secretbox of that length
 * </pre>
 *
 * Each side sends 24 random bytes first. What the client writes is sealed under the nonce
 * {@code server[0..12) + client[12..24)}, what it reads under {@code client[0..12) + server[12..24)}. The first four bytes of
 * a nonce are a big-endian counter that goes up with each message, so a message can be neither repeated nor left out.
 *
 * <p>One thread at a time.
 */
final class SecureChannel implements AutoCloseable {
    private static final int HALF = SecretBox.NONCE_BYTES / 2;

    private final Socket socket;
    private final @Nullable ProofInput proof;
    private final DataInputStream in;
    private final OutputStream out;
    private final SecretBox box;
    private final int maxMessageBytes;
    private final byte[] readNonce;
    private final byte[] writeNonce;

    private SecureChannel(Socket socket, @Nullable ProofInput proof, ConsoleKey key, int maxMessageBytes)
            throws IOException {
        this.socket = socket;
        this.proof = proof;
        this.in = new DataInputStream(proof == null ? socket.getInputStream() : proof);
        this.out = socket.getOutputStream();
        this.box = new SecretBox(key.bytes());
        this.maxMessageBytes = maxMessageBytes;
        byte[] own = new byte[SecretBox.NONCE_BYTES];
        new SecureRandom().nextBytes(own);
        out.write(own);
        byte[] peer = new byte[SecretBox.NONCE_BYTES];
        in.readFully(peer);
        readNonce = halves(own, peer);
        writeNonce = halves(peer, own);
    }

    /**
     * Exchanges nonces on a connected socket, which this channel owns from then on. Both ends do the same: neither waits for
     * the other before it sends.
     *
     * @throws EOFException if the peer closes instead: no valid key there, its ACL, or its connection limit
     */
    static SecureChannel open(Socket socket, ConsoleKey key, int maxMessageBytes) throws IOException {
        socket.setTcpNoDelay(true);
        return new SecureChannel(socket, null, key, maxMessageBytes);
    }

    /**
     * The same for a server, whose peer may be anybody: until a message has been opened with the key, it is read no more and waited for no
     * longer than {@link ProofInput} allows.
     */
    static SecureChannel openToProve(Socket socket, ConsoleKey key, int maxMessageBytes, int proofMillis)
            throws IOException {
        socket.setTcpNoDelay(true);
        return new SecureChannel(socket, new ProofInput(socket, proofMillis), key, maxMessageBytes);
    }

    /** Seals and sends one message, with one write. */
    void send(byte[] message) throws IOException {
        byte[] sealed = box.seal(message, writeNonce);
        increment(writeNonce);
        byte[] frame = new byte[Integer.BYTES + sealed.length];
        frame[0] = (byte) (sealed.length >>> 24);
        frame[1] = (byte) (sealed.length >>> 16);
        frame[2] = (byte) (sealed.length >>> 8);
        frame[3] = (byte) sealed.length;
        System.arraycopy(sealed, 0, frame, Integer.BYTES, sealed.length);
        out.write(frame);
    }

    /**
     * Waits for the next message.
     *
     * @return null when the peer closed between two messages
     * @throws ConsoleException if the message is larger than allowed, or was not sealed with this key and nonce
     */
    byte @Nullable [] receive() throws IOException {
        int length = nextLength();
        while (length == 0) {
            // An empty frame carries no box and leaves the nonces alone; dnsdist answers it in kind.
            out.write(new byte[Integer.BYTES]);
            length = nextLength();
        }
        if (length == -1) {
            return null;
        }
        byte[] sealed = in.readNBytes(length);
        if (sealed.length < length) {
            throw new EOFException("connection closed within a message");
        }
        byte[] message = box.open(sealed, readNonce);
        if (message == null) {
            throw new ConsoleException("message cannot be decrypted: keys differ");
        }
        increment(readNonce);
        if (proof != null) {
            proof.proven();
        }
        return message;
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing to save: the descriptor is gone either way.
        }
    }

    private int nextLength() throws IOException {
        int first = in.read();
        if (first < 0) {
            return -1;
        }
        long length = ((long) first << 24) | (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        long most = proof == null ? maxMessageBytes : Math.min(maxMessageBytes, proof.mostBytes());
        if (length > most) {
            throw new ConsoleException("message of " + length + " bytes, allowed are " + most);
        }
        return (int) length;
    }

    private static byte[] halves(byte[] first, byte[] second) {
        byte[] nonce = first.clone();
        System.arraycopy(second, HALF, nonce, HALF, SecretBox.NONCE_BYTES - HALF);
        return nonce;
    }

    private static void increment(byte[] nonce) {
        for (int i = Integer.BYTES - 1; i >= 0; i--) {
            if (++nonce[i] != 0) {
                return;
            }
        }
    }
}
