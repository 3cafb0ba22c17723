package dev.weir.web.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.log.Message;
import dev.weir.engine.task.FaultGuard;
import java.io.EOFException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/**
 * The listening side of the console: one thread accepts, one thread serves each connection.
 *
 * <p>Platform threads, because a Lua evaluation may recurse deeply and consoles are few. A connection that may not speak is
 * closed without a word: no valid key, not in the ACL, above the limit. Strangers hold little: {@link ProofInput} bounds what is read from
 * a peer that has not proven to know the key, and there are at most {@value #MOST_UNPROVEN} such peers. One more takes the place of the oldest
 * of them, also where the limit on all connections is reached, so that strangers cannot keep the operator out.
 */
public final class ConsoleServer implements AutoCloseable {
    private static final int BACKLOG = 128;
    private static final int MOST_UNPROVEN = 16;
    private static final int CLOSE_TIMEOUT_MS = 1_000;
    private static final Message ACCEPTING = new Message(
            "console", "Accepting control connections", "Accepting control connections on {frontend.address}");
    private static final Message OPENED =
            new Message("console", "Got control connection", "Got control connection from {client.address}");
    private static final Message CLOSED =
            new Message("console", "Closed control connection", "Closed control connection from {client.address}");
    private static final Message FAILED = new Message(
            "console", "Control connection failed", "Control connection from {client.address} failed: {error}");
    private static final FaultGuard ACCEPTING_THREAD =
            new FaultGuard("Error accepting a control connection", "console");
    private static final FaultGuard SESSIONS = new FaultGuard("Error in a control connection", "console");
    private static final FaultGuard COMMANDS = new FaultGuard("Error evaluating a console command", "console");
    private static final LogLimit STRANGERS = new LogLimit(10);

    private final ServerSocketChannel channel;
    private final ServerSocket listener;
    private final Supplier<ConsoleSettings> settings;
    private final ConsoleEvaluator evaluator;
    private final int proofMillis;

    /** Those that have proven their key. */
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    /** The others, the oldest first. */
    private final BlockingQueue<Socket> unproven = new LinkedBlockingQueue<>();

    private final Thread acceptor = Thread.ofPlatform().daemon().name("console").unstarted(this::accept);

    private ConsoleServer(
            ServerSocketChannel channel,
            Supplier<ConsoleSettings> settings,
            ConsoleEvaluator evaluator,
            int proofMillis) {
        this.proofMillis = proofMillis;
        this.channel = channel;
        this.listener = channel.socket();
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
        return open(address, settings, evaluator, ProofInput.PROOF_MS);
    }

    /** The same with another time for strangers to prove that they know the key. */
    static ConsoleServer open(
            InetSocketAddress address, Supplier<ConsoleSettings> settings, ConsoleEvaluator evaluator, int proofMillis)
            throws IOException {
        // A socket of the address' own family: 0.0.0.0 must not mean the IPv6 addresses as well.
        ServerSocketChannel channel = ServerSocketChannel.open(
                address.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6);
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, BACKLOG);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        ConsoleServer server = new ConsoleServer(channel, settings, evaluator, proofMillis);
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
        return connections.size() + unproven.size();
    }

    /**
     * Stops listening and cuts all connections. The port is only free, and no connection comes any more, when the thread that accepts has left
     * the system call: waits for that, a second at most.
     */
    @Override
    public void close() {
        closeQuietly(channel);
        try {
            acceptor.join(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        unproven.forEach(ConsoleServer::closeQuietly);
        connections.forEach(ConsoleServer::closeQuietly);
    }

    /** Goes on after want of descriptors, memory or threads, with pauses. */
    private void accept() {
        ACCEPTING_THREAD.repeat(channel::isOpen, () -> {
            Socket socket;
            try {
                socket = listener.accept();
            } catch (IOException e) {
                if (channel.isOpen()) {
                    throw e;
                }
                return;
            }
            boolean served = false;
            try {
                served = admit(socket);
            } finally {
                if (!served) {
                    forget(socket);
                }
            }
        });
    }

    private boolean admit(Socket socket) {
        ConsoleSettings now = settings.get();
        ConsoleKey key = now.key();
        if (key == null || !now.acl().test(socket.getInetAddress()) || !makeRoom(now.maxConnections())) {
            return false;
        }
        unproven.add(socket);
        String client = text((InetSocketAddress) socket.getRemoteSocketAddress());
        Thread.ofPlatform().daemon().name("console " + client).start(() -> {
            try {
                serve(socket, key, now, client);
            } catch (Throwable e) {
                SESSIONS.caught(e);
            } finally {
                forget(socket);
            }
        });
        return true;
    }

    /** False if all places are taken by peers that have proven their key. */
    private boolean makeRoom(int most) {
        while (unproven.size() >= MOST_UNPROVEN || most > 0 && connections() >= most) {
            Socket oldest = unproven.poll();
            if (oldest == null) {
                return false;
            }
            closeQuietly(oldest);
        }
        return true;
    }

    private void forget(Socket socket) {
        closeQuietly(socket);
        unproven.remove(socket);
        connections.remove(socket);
    }

    private void serve(Socket socket, ConsoleKey key, ConsoleSettings now, String client) {
        SecureChannel session;
        byte[] message;
        try {
            session = SecureChannel.openToProve(socket, key, now.maxMessageBytes(), proofMillis);
            message = session.receive();
            if (message == null) {
                throw new EOFException("closed before the key was proven");
            }
        } catch (IOException e) {
            failedToProve(now, client, e);
            return;
        }
        connections.add(socket);
        if (!unproven.remove(socket)) {
            return; // another one has got its place in this very moment
        }
        if (now.logConnections()) {
            Log.info(OPENED, "client.address", client);
        }
        try {
            while (message != null) {
                session.send(answer(new String(message, UTF_8), now.maxMessageBytes()));
                message = session.receive();
            }
        } catch (IOException e) {
            if (now.logConnections() && channel.isOpen()) {
                Log.info(FAILED, "client.address", client, "error", e);
            }
        }
        if (now.logConnections()) {
            Log.info(CLOSED, "client.address", client);
        }
    }

    /** Anybody can bring this about, so it has a line now and then. */
    private void failedToProve(ConsoleSettings now, String client, IOException failure) {
        long times = now.logConnections() && channel.isOpen() ? STRANGERS.admit(System.nanoTime()) : 0;
        if (times > 0) {
            Log.info(FAILED, "client.address", client, "error", failure, "count", times);
        }
    }

    private byte[] answer(String line, int maxMessageBytes) {
        if (line.isEmpty()) {
            return new byte[0]; // the probe with which a client finds out whether the keys match
        }
        String answer;
        try {
            answer = evaluator.evaluate(line);
        } catch (Throwable e) {
            COMMANDS.caught(e);
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
        return new Endpoint(IpAddress.of(address.getAddress().getAddress()), address.getPort()).toString();
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // Closing is all that was wanted.
        }
    }
}
