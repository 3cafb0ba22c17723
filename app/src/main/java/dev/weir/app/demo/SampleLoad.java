package dev.weir.app.demo;

import dev.weir.engine.task.FaultGuard;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.RecordClass;
import dev.weir.wire.RecordType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Something to see: eight clients, 127.0.0.2 to 127.0.0.9, that ask sixty times a second together, and a ninth, 127.0.0.66, that sends six
 * hundred queries a second for two seconds, and again every half a minute. They never wait for answers, so that it stays so much at any rate.
 */
public final class SampleLoad {
    private static final FaultGuard GUARD = new FaultGuard("Error in the demo's load", "demo");
    private static final int CLIENTS = 8;
    private static final int QUERIES_PER_SECOND = 60;
    private static final int FLOOD_PER_SECOND = 600;
    private static final int FLOOD_SECONDS = 2;
    private static final int FIRST_FLOOD_SECONDS = 3;
    private static final int FLOOD_EVERY_SECONDS = 30;

    /** The first ones are asked for most. */
    private static final List<String> NAMES = List.of(
            "www.demo.example.",
            "alias.demo.example.",
            "whoami.demo.example.",
            "spoofed.demo.example.",
            "refused.demo.example.",
            "nowhere.demo.example.");

    private final InetSocketAddress server;
    private final CountDownLatch ended;
    private final SplittableRandom random = new SplittableRandom();

    private SampleLoad(InetSocketAddress server, CountDownLatch ended) {
        this.server = server;
        this.ended = ended;
    }

    /** Whether there are as many addresses to come from. */
    public static boolean isPossible(InetSocketAddress server) {
        InetAddress address = server.getAddress();
        return address.getAddress().length == 4 && (address.isLoopbackAddress() || address.isAnyLocalAddress());
    }

    /** Begins, where it {@linkplain #isPossible is possible}, and goes on until the latch opens. */
    public static void start(InetSocketAddress listen, CountDownLatch ended) {
        if (isPossible(listen)) {
            InetAddress to = listen.getAddress().isAnyLocalAddress() ? loopback(1) : listen.getAddress();
            SampleLoad load = new SampleLoad(new InetSocketAddress(to, listen.getPort()), ended);
            Thread.ofPlatform()
                    .daemon()
                    .name("demo-clients")
                    .start(() -> GUARD.repeat(() -> ended.getCount() > 0, load::ask));
            Thread.ofPlatform()
                    .daemon()
                    .name("demo-flood")
                    .start(() -> GUARD.repeat(() -> ended.getCount() > 0, load::flood));
        }
    }

    private static InetAddress loopback(int last) {
        return InetAddress.ofLiteral("127.0.0." + last);
    }

    private DatagramChannel client(int last) throws IOException {
        return DatagramChannel.open()
                .bind(new InetSocketAddress(loopback(last), 0))
                .connect(server);
    }

    private void ask() throws IOException, InterruptedException {
        List<DatagramChannel> clients = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(client(2 + i));
            }
            while (!ended.await(TimeUnit.SECONDS.toNanos(1) / QUERIES_PER_SECOND, TimeUnit.NANOSECONDS)) {
                int which = skewed(CLIENTS);
                send(clients.get(which), NAMES.get(skewed(NAMES.size())));
            }
        } finally {
            for (DatagramChannel each : clients) {
                each.close();
            }
        }
    }

    /** Below the bound, and the less the likelier. */
    private int skewed(int bound) {
        int other = random.nextInt(bound);
        return Math.min(other, random.nextInt(bound));
    }

    private void flood() throws IOException, InterruptedException {
        int wait = FIRST_FLOOD_SECONDS;
        while (!ended.await(wait, TimeUnit.SECONDS)) {
            try (DatagramChannel client = client(66)) {
                for (int i = 0; i < FLOOD_SECONDS * FLOOD_PER_SECOND; i++) {
                    send(client, "r" + random.nextInt(1_000_000) + ".flood.demo.example.");
                    if (ended.await(TimeUnit.SECONDS.toNanos(1) / FLOOD_PER_SECOND, TimeUnit.NANOSECONDS)) {
                        return;
                    }
                }
            }
            wait = FLOOD_EVERY_SECONDS;
        }
    }

    private void send(DatagramChannel client, String name) {
        byte[] wire = Name.parse(name).toWire();
        ByteBuffer query = ByteBuffer.allocate(Header.LENGTH + wire.length + 4);
        query.putShort((short) random.nextInt(1 << 16))
                .putShort((short) Header.RD)
                .putShort((short) 1)
                .position(Header.LENGTH);
        query.put(wire)
                .putShort((short) RecordType.A)
                .putShort((short) RecordClass.IN)
                .flip();
        try {
            client.write(query);
        } catch (IOException e) {
            // Nobody listens yet, or any more.
        }
    }
}
