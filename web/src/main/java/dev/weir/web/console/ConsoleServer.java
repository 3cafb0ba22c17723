package dev.weir.web.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.log.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The listening side of the console: one thread accepts, one thread serves each connection.
 *
 * <p>Platform threads, because a Lua evaluation may recurse deeply and consoles are few. A connection that may not speak is
 * closed without a word: no valid key, not in the ACL, above the limit. A peer that has not proven to know the key within
 * {@value #PROOF_TIMEOUT_MS} ms is closed too, so that strangers cannot hold threads; after that it may stay silent for days.
 */
public final class ConsoleServer implements AutoCloseable {
    private static final int BACKLOG = 128;
    private static final int PROOF_TIMEOUT_MS = 10_000;
    private static final int CLOSE_TIMEOUT_MS = 1_000;
    private static final Message ACCEPTING = new Message(
            "console", "Accepting control connections", "Accepting control connections on {frontend.address}");
    private static final Message OPENED =
            new Message("console", "Got control connection", "Got control connection from {client.address}");
    private static final Message CLOSED =
            new Message("console", "Closed control connection", "Closed control connection from {client.address}");
    private static final Message FAILED = new Message(
            "console", "Control connection failed", "Control connection from {client.address} failed: {error}");
    private static final LogLimit ACCEPT_ERRORS = new LogLimit(10);

    private final ServerSocket listener;
    private final Supplier<ConsoleSettings> settings;
    private final ConsoleEvaluator evaluator;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Thread acceptor = Thread.ofPlatform().daemon().name("console").unstarted(this::accept);

    private ConsoleServer(ServerSocket listener, Supplier<ConsoleSettings> settings, ConsoleEvaluator evaluator) {
        this.listener = listener;
        this.settings = settings;
        this.evaluator = evaluator;
    }

    /**
     * Binds and starts to accept.
     *
     * @param settings asked once for each connection
     * @throws IOException if the address cannot be bound; the caller decides whether that is fatal
     *     ({@code setConsoleBindFatal})
     */
    public static ConsoleServer open(
            InetSocketAddress address, Supplier<ConsoleSettings> settings, ConsoleEvaluator evaluator)
            throws IOException {
        ServerSocket listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.bind(address, BACKLOG);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        ConsoleServer server = new ConsoleServer(listener, settings, evaluator);
        Log.info(ACCEPTING, "frontend.address", text(server.address()));
        server.acceptor.start();
        return server;
    }

    /** Where it listens: the bound port when 0 was asked for. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Connections open now, those that have not proven their key included. */
    public int connections() {
        return connections.size();
    }

    /**
     * Stops listening and cuts all connections. The port is only free, and no connection comes any more, when the thread that accepts has left
     * the system call: waits for that, a second at most.
     */
    @Override
    public void close() {
        closeQuietly(listener);
        try {
            acceptor.join(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.forEach(ConsoleServer::closeQuietly);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                admit(listener.accept());
            } catch (IOException e) {
                long times = listener.isClosed() ? 0 : ACCEPT_ERRORS.admit(System.nanoTime());
                if (times > 0) {
                    Log.warning(
                            "Error accepting a control connection", "console", "error", e.getMessage(), "count", times);
                }
            }
        }
    }

    private void admit(Socket socket) {
        ConsoleSettings now = settings.get();
        ConsoleKey key = now.key();
        InetAddress peer = socket.getInetAddress();
        boolean full = now.maxConnections() > 0 && connections.size() >= now.maxConnections();
        if (key == null || !now.acl().test(peer) || full) {
            closeQuietly(socket);
            return;
        }
        connections.add(socket);
        InetSocketAddress client = (InetSocketAddress) socket.getRemoteSocketAddress();
        Thread.ofPlatform().daemon().name("console " + text(client)).start(() -> serve(socket, key, now, text(client)));
    }

    private void serve(Socket socket, ConsoleKey key, ConsoleSettings now, String client) {
        if (now.logConnections()) {
            Log.info(OPENED, "client.address", client);
        }
        try {
            socket.setSoTimeout(PROOF_TIMEOUT_MS);
            SecureChannel channel = SecureChannel.open(socket, key, now.maxMessageBytes());
            byte[] message = channel.receive();
            socket.setSoTimeout(0);
            socket.setKeepAlive(true);
            while (message != null) {
                channel.send(answer(new String(message, UTF_8), now.maxMessageBytes()));
                message = channel.receive();
            }
        } catch (IOException e) {
            if (now.logConnections() && !listener.isClosed()) {
                Log.info(FAILED, "client.address", client, "error", e.getMessage());
            }
        } finally {
            closeQuietly(socket);
            connections.remove(socket);
        }
        if (now.logConnections()) {
            Log.info(CLOSED, "client.address", client);
        }
    }

    private byte[] answer(String line, int maxMessageBytes) {
        if (line.isEmpty()) {
            return new byte[0]; // the probe with which a client finds out whether the keys match
        }
        String answer;
        try {
            answer = evaluator.evaluate(line);
        } catch (RuntimeException | StackOverflowError e) {
            Log.error("Error evaluating a console command", "console", "error", e);
            answer = "Error: " + e;
        }
        byte[] bytes = answer.getBytes(UTF_8);
        if (bytes.length + SecretBox.TAG_BYTES > maxMessageBytes) {
            // The client would cut the connection; it has the same limit.
            bytes = ("Error: the answer has " + bytes.length + " bytes, setConsoleOutputMaxMsgSize allows "
                            + maxMessageBytes)
                    .getBytes(UTF_8);
        }
        return bytes;
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ':' + address.getPort();
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // Closing is all that was wanted.
        }
    }
}
