package dev.weir.app.demo;

import dev.weir.engine.task.FaultGuard;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * A small authoritative name server on a loopback port of its own, UDP and TCP (RFC 7766): a backend for the demo. One thread answers
 * datagrams, a virtual thread each connection.
 */
public final class DemoAuthority implements AutoCloseable {
    private static final FaultGuard GUARD = new FaultGuard("Error in a backend of the demo", "demo");
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final int PORT_ATTEMPTS = 20;
    private static final int MAX_CONNECTIONS = 200;
    private static final int IDLE_TIMEOUT_MS = 10_000;
    private static final int STOP_MS = 1_000;

    private final String name;
    private final List<Zone> zones;
    private final InetSocketAddress address;
    private final DatagramSocket datagrams;
    private final ServerSocket listener;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Semaphore connectionPermits = new Semaphore(MAX_CONNECTIONS);
    private final List<Thread> threads;

    private DemoAuthority(String name, DatagramSocket datagrams, ServerSocket listener) {
        this.name = name;
        this.zones = DemoZones.of(name);
        this.address = new InetSocketAddress(LOOPBACK, datagrams.getLocalPort());
        this.datagrams = datagrams;
        this.listener = listener;
        this.threads = List.of(
                Thread.ofPlatform().daemon().name(name + "-udp").unstarted(this::answerDatagrams),
                Thread.ofPlatform().daemon().name(name + "-tcp").unstarted(this::acceptConnections));
    }

    /**
     * Starts one that calls itself {@code name}.
     *
     * @throws IOException if no port is free for both UDP and TCP
     */
    public static DemoAuthority start(String name) throws IOException {
        for (int attempt = 1; ; attempt++) {
            DatagramSocket datagrams = new DatagramSocket(0, LOOPBACK);
            try {
                ServerSocket listener = new ServerSocket(datagrams.getLocalPort(), 0, LOOPBACK);
                DemoAuthority authority = new DemoAuthority(name, datagrams, listener);
                authority.threads.forEach(Thread::start);
                return authority;
            } catch (IOException e) {
                // The kernel picked a UDP port that somebody else has for TCP.
                datagrams.close();
                if (attempt == PORT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** What {@code whoami.demo.example} says. */
    public String name() {
        return name;
    }

    /** Where it answers, over UDP and TCP. */
    public InetSocketAddress address() {
        return address;
    }

    private void answerDatagrams() {
        Responder responder = new Responder(zones);
        byte[] message = new byte[Responder.BUFFER_SIZE];
        DatagramPacket packet = new DatagramPacket(message, message.length);
        GUARD.repeat(() -> !datagrams.isClosed(), () -> {
            try {
                packet.setLength(message.length);
                datagrams.receive(packet);
                int length = responder.answer(message, packet.getLength(), true);
                if (length > 0) {
                    packet.setLength(length);
                    datagrams.send(packet);
                }
            } catch (IOException e) {
                // Closed, or this one client cannot be reached.
            }
        });
    }

    private void acceptConnections() {
        GUARD.repeat(() -> !listener.isClosed(), () -> {
            connectionPermits.acquire();
            boolean accepted = false;
            try {
                Socket connection = listener.accept();
                connections.add(connection);
                Thread.ofVirtual().name(name + "-connection").start(GUARD.around(() -> answerConnection(connection)));
                accepted = true;
            } catch (IOException e) {
                // Closed, or the client has gone before it was accepted.
            } finally {
                if (!accepted) {
                    connectionPermits.release();
                }
            }
        });
    }

    private void answerConnection(Socket connection) {
        try (connection) {
            connection.setSoTimeout(IDLE_TIMEOUT_MS);
            connection.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(connection.getInputStream());
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            Responder responder = new Responder(zones);
            // The length in front, so that both leave in one segment.
            byte[] framed = new byte[2 + Responder.BUFFER_SIZE];
            byte[] message = new byte[Responder.BUFFER_SIZE];
            while (!listener.isClosed()) {
                int length = in.readUnsignedShort();
                if (length > message.length) {
                    return;
                }
                in.readFully(message, 0, length);
                int answered = responder.answer(message, length, false);
                if (answered < 0) {
                    return;
                }
                framed[0] = (byte) (answered >> 8);
                framed[1] = (byte) answered;
                System.arraycopy(message, 0, framed, 2, answered);
                out.write(framed, 0, 2 + answered);
            }
        } catch (IOException e) {
            // The client has gone, was silent for too long, or we are closed.
        } finally {
            connections.remove(connection);
            connectionPermits.release();
        }
    }

    /** Stops answering and frees the port; its threads end. */
    @Override
    public void close() {
        datagrams.close();
        try {
            listener.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            // Sockets are closed as well as they can be.
        }
        // A socket that a thread waits at is free only when the thread has left it.
        try {
            for (Thread thread : threads) {
                thread.join(Duration.ofMillis(STOP_MS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
