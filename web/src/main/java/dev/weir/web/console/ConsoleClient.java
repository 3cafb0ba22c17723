package dev.weir.web.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;

/** A connection to the console of a running Weir or dnsdist. One thread at a time. */
public final class ConsoleClient implements AutoCloseable {
    /** A server on a busy machine may take as long as it gives us. */
    private static final int CONNECT_TIMEOUT_MS = ProofInput.PROOF_MS;

    private final SecureChannel channel;

    private ConsoleClient(SecureChannel channel) {
        this.channel = channel;
    }

    /**
     * Connects and proves the key, by exchanging an empty message.
     *
     * @throws IOException if nothing listens there
     * @throws ConsoleException if the server closes at once: the keys differ, its ACL, or its connection limit
     */
    public static ConsoleClient connect(InetSocketAddress server, ConsoleKey key, int maxMessageBytes)
            throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(server, CONNECT_TIMEOUT_MS);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        try {
            socket.setSoTimeout(CONNECT_TIMEOUT_MS);
            SecureChannel channel = SecureChannel.open(socket, key, maxMessageBytes);
            channel.send(new byte[0]);
            if (channel.receive() == null) {
                throw new EOFException();
            }
            socket.setSoTimeout(0);
            return new ConsoleClient(channel);
        } catch (EOFException | SocketException e) {
            socket.close();
            throw new ConsoleException(
                    "the server closed the connection right away: its setKey() differs or is missing,"
                            + " or setConsoleACL() does not allow this address");
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Runs one line on the server and waits for its answer.
     *
     * @throws EOFException if the server closes instead of answering, as after {@code shutdown()}
     */
    public String execute(String line) throws IOException {
        try {
            channel.send(line.getBytes(UTF_8));
            byte[] answer = channel.receive();
            if (answer != null) {
                return new String(answer, UTF_8);
            }
        } catch (SocketException e) {
            // A reset instead of an orderly end: the server went away.
        }
        throw new EOFException("connection closed by the server");
    }

    @Override
    public void close() {
        channel.close();
    }
}
