package dev.weir.testkit;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Many queries with few outstanding at a time, answers in the order of the queries. */
public final class BulkExchange {
    private static final int OUTSTANDING = 32;
    private static final Duration RESEND_AFTER = Duration.ofMillis(700);
    private static final int MAX_RESENDS = 12;

    private BulkExchange() {}

    /**
     * Over one UDP socket. The ids of {@code packets} are replaced; a query without an answer is sent again, as a
     * stub resolver would.
     *
     * @throws AssertionError when nothing is answered any more
     */
    public static List<byte[]> udp(InetSocketAddress server, List<byte[]> packets) {
        try (UdpClient client = UdpClient.to(server)) {
            Window window = new Window(packets);
            int resends = 0;
            while (!window.done()) {
                window.fill(client::send);
                Optional<byte[]> answer = client.receive(RESEND_AFTER);
                if (answer.isPresent()) {
                    window.accept(answer.get());
                } else if (++resends <= MAX_RESENDS) {
                    window.resend(client::send);
                } else {
                    throw new AssertionError(window + " unanswered by " + server);
                }
            }
            return window.answers();
        }
    }

    /** Over one TCP connection, pipelined, answers in any order. */
    public static List<byte[]> tcp(InetSocketAddress server, List<byte[]> packets) {
        try (TcpClient client = TcpClient.to(server)) {
            Window window = new Window(packets);
            while (!window.done()) {
                window.fill(client::send);
                window.accept(client.receive());
            }
            return window.answers();
        }
    }

    /** Queries in flight by id, which is the number of the query modulo 65536. */
    private static final class Window {
        private final List<byte[]> packets;
        private final byte[][] answers;
        private final Map<Integer, Integer> inFlight = new HashMap<>();
        private int next;
        private int answered;

        Window(List<byte[]> packets) {
            this.packets = packets;
            this.answers = new byte[packets.size()][];
        }

        boolean done() {
            return answered == packets.size();
        }

        void fill(java.util.function.Consumer<byte[]> sender) {
            while (next < packets.size() && inFlight.size() < OUTSTANDING) {
                inFlight.put(next & 0xFFFF, next);
                sender.accept(DnsMessage.withId(packets.get(next), next & 0xFFFF));
                next++;
            }
        }

        void resend(java.util.function.Consumer<byte[]> sender) {
            inFlight.forEach((id, number) -> sender.accept(DnsMessage.withId(packets.get(number), id)));
        }

        void accept(byte[] answer) {
            Integer number = inFlight.remove(DnsMessage.idOf(answer));
            if (number != null) {
                answers[number] = answer;
                answered++;
            }
        }

        List<byte[]> answers() {
            return List.of(answers);
        }

        @Override
        public String toString() {
            return "queries " + Arrays.toString(inFlight.values().toArray());
        }
    }
}
