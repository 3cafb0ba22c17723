package dev.weir.gate.filter;

import static dev.weir.gate.filter.Filters.FOREVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.sys.ChannelSocket;
import dev.weir.sys.InetEndpoint;
import dev.weir.sys.InterfaceAddress;
import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.ReceiveBatch;
import dev.weir.sys.UdpSocket;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.KernelSandbox;
import dev.weir.wire.Name;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Datagrams and connections over loopback, from addresses of their own, to sockets that a filter stands before: what arrives, what counts? */
class SocketFilterTest {
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int ANY = 255;
    private static final int ANY_TYPE = FilterSpec.ANY_TYPE;
    private static final String CLIENT4 = "127.0.1.1";
    private static final String CLIENT6 = "fd00::1";
    private static final Duration PATIENCE = Await.PATIENCE;

    /** Something too short for a query from somebody whom nobody blocks: what was sent before it has arrived by then, or never will. */
    private static final byte[] MARKER = {0};

    private static final String MARKER4 = "127.0.9.9";
    private static final String MARKER6 = "fdff::9";

    /** Fills tables. */
    @FunctionalInterface
    private interface Setup {
        void fill(KernelFilter filter) throws Exception;
    }

    /** @param hits what has counted the packet, empty if nothing has */
    private record Case(String what, Setup setup, String from, byte[] payload, boolean passes, String hits) {}

    private final List<Case> cases = new ArrayList<>();

    private void drops(String what, Setup setup, String from, byte[] payload, String hits) {
        cases.add(new Case(what, setup, from, payload, false, hits));
    }

    private void passes(String what, Setup setup, String from, byte[] payload, String hits) {
        cases.add(new Case(what, setup, from, payload, true, hits));
    }

    private static byte[] query(String name, int type) {
        return DnsQuery.of(name, type).packet();
    }

    private static FilterSpec internal(int anyType) {
        return Filters.spec(false, 10, "", anyType);
    }

    private static Setup block(String address) {
        return filter -> filter.block(IpAddress.parse(address), MatchAction.DROP, FOREVER);
    }

    private static Setup ranges(Object... rangesAndActions) {
        return filter -> {
            for (int i = 0; i < rangesAndActions.length; i += 2) {
                Netmask range = Netmask.parse((String) rangesAndActions[i]);
                filter.addRange(range, (MatchAction) rangesAndActions[i + 1], false, FOREVER);
            }
        };
    }

    private static Setup name(String name, int type) {
        return filter -> filter.blockName(Name.parse(name), type, MatchAction.DROP);
    }

    private static Setup suffix(String suffix, int type, MatchAction action, long endNanos) {
        return filter -> filter.blockSuffix(Name.parse(suffix), type, action, endNanos);
    }

    private static Setup both(Setup one, Setup other) {
        return filter -> {
            one.fill(filter);
            other.fill(filter);
        };
    }

    /** Gives the loopback device the IPv6 addresses that the cases come from. */
    private void addAddresses() throws Exception {
        Set<String> addresses = new HashSet<>(Set.of(CLIENT6, MARKER6));
        cases.stream().map(Case::from).filter(from -> from.contains(":")).forEach(addresses::add);
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            for (String address : addresses) {
                netlink.addAddress(new InterfaceAddress(1, InetAddress.ofLiteral(address), 128));
            }
        }
    }

    private void run(int anyType, int atLeast) throws Exception {
        assertThat(cases).hasSizeGreaterThanOrEqualTo(atLeast);
        KernelSandbox.run(sandbox -> {
            addAddresses();
            try (UdpSocket four = listener("127.0.0.1");
                    UdpSocket six = listener("::1")) {
                for (Case c : cases) {
                    UdpSocket listener = c.from.contains(":") ? six : four;
                    try (KernelFilter filter = new PacketFilters().open(internal(anyType))) {
                        c.setup.fill(filter);
                        filter.attach(listener.fd().number());
                        assertThat(arrives(listener, c.from, c.payload))
                                .as(c.what)
                                .isEqualTo(c.passes);
                        List<String> hits = filter.entries().stream()
                                .filter(entry -> entry.hits() != 0)
                                .map(entry -> entry.subject() + " " + entry.hits())
                                .toList();
                        assertThat(hits)
                                .as("hits: %s", c.what)
                                .isEqualTo(c.hits.isEmpty() ? List.of() : List.of(c.hits + " 1"));
                    }
                }
            }
        });
    }

    private static UdpSocket listener(String address) throws Exception {
        UdpSocket socket = UdpSocket.open(address.contains(":") ? 6 : 4);
        socket.bind(InetEndpoint.of(new InetSocketAddress(InetAddress.ofLiteral(address), 0)));
        return socket;
    }

    private static void send(String from, InetEndpoint to, byte[] payload) throws Exception {
        try (UdpSocket client = listener(from)) {
            client.connect(to);
            assertThat(client.send(payload, 0, payload.length)).isEqualTo(payload.length);
        }
    }

    private static boolean arrives(UdpSocket listener, String from, byte[] payload) throws Exception {
        send(from, listener.localEndpoint(), payload);
        send(from.contains(":") ? MARKER6 : MARKER4, listener.localEndpoint(), MARKER);
        List<byte[]> arrived = new ArrayList<>();
        try (ReceiveBatch batch = new ReceiveBatch(4, 512)) {
            Await.until("the marker has arrived", PATIENCE, () -> {
                int count = batch.receive(listener);
                for (int i = 0; i < count; i++) {
                    byte[] datagram = new byte[batch.length(i)];
                    batch.copyPayload(i, datagram, 0);
                    arrived.add(datagram);
                }
                return !arrived.isEmpty() && Arrays.equals(arrived.getLast(), MARKER);
            });
        }
        assertThat(arrived).hasSizeBetween(1, 2);
        assertThat(arrived.size() == 1 || Arrays.equals(arrived.getFirst(), payload))
                .as("whole, and before the marker")
                .isTrue();
        return arrived.size() == 2;
    }

    @Test
    void clients() throws Exception {
        byte[] query = query("www.example.", A);
        passes("nothing is blocked", filter -> {}, CLIENT4, query, "");
        passes("nothing is blocked", filter -> {}, CLIENT6, query, "");
        drops("its address", block(CLIENT4), CLIENT4, query, CLIENT4);
        passes("another's address", block(CLIENT4), "127.0.1.2", query, "");
        drops("its address", block(CLIENT6), CLIENT6, query, CLIENT6);
        passes("another's address", block(CLIENT6), "fd00::2", query, "");
        drops("its range", ranges("127.0.1.0/24", MatchAction.DROP), CLIENT4, query, "127.0.1.0/24");
        drops("its range", ranges("fd00::/64", MatchAction.DROP), CLIENT6, query, "fd00::/64");
        passes("another's range", ranges("127.0.2.0/24", MatchAction.DROP), CLIENT4, query, "");
        Setup nested = ranges("127.0.1.0/24", MatchAction.DROP, "127.0.1.128/25", MatchAction.PASS);
        drops("outside of the exception", nested, "127.0.1.127", query, "127.0.1.0/24");
        passes("inside of the exception", nested, "127.0.1.128", query, "127.0.1.128/25");
        Setup nested6 = ranges("fd00::/16", MatchAction.DROP, "fd00::/112", MatchAction.PASS);
        drops("outside of the exception", nested6, "fd00:0:0:1::1", query, "fd00::/16");
        passes("inside of the exception", nested6, CLIENT6, query, "fd00::/112");
        drops(
                "an address in a range that passes",
                both(block(CLIENT4), ranges("127.0.1.0/24", MatchAction.PASS)),
                CLIENT4,
                query,
                CLIENT4);
        passes(
                "a range that passes, a name that doesn't",
                both(ranges("127.0.1.0/24", MatchAction.PASS), name("www.example.", A)),
                CLIENT4,
                query,
                "127.0.1.0/24");
        drops("what is no query, from a blocked address", block(CLIENT4), CLIENT4, new byte[] {1, 2, 3}, CLIENT4);
        run(ANY_TYPE, 16);
    }

    @Test
    void namesAndSuffixes() throws Exception {
        byte[] query = query("www.example.", A);
        drops("a name with its type", name("www.example.", A), CLIENT4, query, "www.example.");
        drops("over IPv6", name("www.example.", A), CLIENT6, query, "www.example.");
        drops("in upper case", name("www.example.", A), CLIENT4, query("WWW.eXample.", A), "www.example.");
        drops("an entry in upper case", name("WWW.EXAMPLE.", A), CLIENT4, query, "www.example.");
        passes("a name with another type", name("www.example.", AAAA), CLIENT4, query, "");
        drops("a name with any type", name("www.example.", ANY_TYPE), CLIENT4, query, "www.example.");
        passes("255 is a type like others", name("www.example.", ANY), CLIENT4, query, "");
        drops(
                "255 is a type like others",
                name("www.example.", ANY),
                CLIENT4,
                query("www.example.", ANY),
                "www.example.");
        passes("below a name", name("example.", ANY_TYPE), CLIENT4, query, "");
        String longest = "a.".repeat(127);
        drops("the longest name", name(longest, ANY_TYPE), CLIENT4, query(longest, A), longest);
        drops("the root", name(".", ANY_TYPE), CLIENT4, query(".", A), ".");

        Setup below = suffix("example.", ANY_TYPE, MatchAction.DROP, FOREVER);
        drops("below a suffix", below, CLIENT4, query("a.b.C.Example.", A), "example.");
        drops("the suffix itself", below, CLIENT4, query("example.", AAAA), "example.");
        passes("no label of its own", below, CLIENT4, query("badexample.", A), "");
        passes("above a suffix", suffix("a.example.", ANY_TYPE, MatchAction.DROP, FOREVER), CLIENT4, query, "");
        Setup typed = suffix("example.", AAAA, MatchAction.DROP, FOREVER);
        passes("a suffix with another type", typed, CLIENT4, query, "");
        drops("a suffix with its type", typed, CLIENT4, query("www.example.", AAAA), "example.");
        drops(
                "the longest name's suffix",
                suffix("a.", A, MatchAction.DROP, FOREVER),
                CLIENT4,
                query(longest, A),
                "a.");
        passes(
                "an exception below a suffix",
                both(below, suffix("www.example.", ANY_TYPE, MatchAction.PASS, FOREVER)),
                CLIENT4,
                query,
                "www.example.");
        passes(
                "a suffix that has ended",
                suffix("example.", ANY_TYPE, MatchAction.DROP, System.nanoTime()),
                CLIENT4,
                query,
                "");
        drops(
                "a suffix that ends in an hour",
                suffix("example.", ANY_TYPE, MatchAction.DROP, System.nanoTime() + 3_600_000_000_000L),
                CLIENT4,
                query,
                "example.");
        drops(
                "a suffix around one that has ended",
                both(below, suffix("www.example.", ANY_TYPE, MatchAction.PASS, System.nanoTime())),
                CLIENT4,
                query,
                "example.");
        // One within the other, as many as a name has labels.
        Setup many = suffix("a.", ANY_TYPE, MatchAction.DROP, FOREVER);
        for (int labels = 2; labels <= 8; labels++) {
            many = both(many, suffix("a.".repeat(labels), ANY_TYPE, MatchAction.PASS, System.nanoTime()));
        }
        drops("a suffix around many that have ended", many, CLIENT4, query(longest, A), "a.");
        run(ANY_TYPE, 23);
    }

    @Test
    void whatIsNoQueryPasses() throws Exception {
        Setup everything = both(suffix(".", ANY_TYPE, MatchAction.DROP, FOREVER), name("www.example.", ANY_TYPE));
        byte[] query = query("www.example.", A);
        drops("a query", everything, CLIENT4, query, "www.example.");
        passes("nothing", everything, CLIENT4, new byte[0], "");
        passes("half a header", everything, CLIENT4, Arrays.copyOf(query, 6), "");
        passes("a header", everything, CLIENT4, Arrays.copyOf(query, 12), "");
        passes("a name that runs out", everything, CLIENT4, Arrays.copyOf(query, 20), "");
        passes("no class", everything, CLIENT4, Arrays.copyOf(query, query.length - 2), "");
        passes("no question", everything, CLIENT4, changed(query, 5, 0), "");
        passes("a pointer", everything, CLIENT4, changed(query, 12, 0xc0), "");
        passes("a label of 64 octets", everything, CLIENT4, changed(query, 12, 64), "");
        run(ANY_TYPE, 9);
    }

    private static byte[] changed(byte[] packet, int at, int octet) {
        byte[] copy = packet.clone();
        copy[at] = (byte) octet;
        return copy;
    }

    /** {@code qtypeAny=255}: as dnsdist before 2.0 has it. */
    @Test
    void anyTypeAsOlderTablesHaveIt() throws Exception {
        byte[] query = query("www.example.", A);
        drops("any type", name("www.example.", ANY_TYPE), CLIENT4, query, "www.example.");
        drops("255", name("www.example.", ANY), CLIENT4, query, "www.example.");
        passes("another type", name("www.example.", AAAA), CLIENT4, query, "");
        run(ANY, 3);
    }

    @Test
    void aFilterThatIsTakenOffDropsNothing() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (UdpSocket listener = listener("127.0.0.1");
                    KernelFilter filter = new PacketFilters().open(internal(ANY_TYPE))) {
                block(CLIENT4).fill(filter);
                filter.attach(listener.fd().number());
                assertThat(arrives(listener, CLIENT4, query("a.", A))).isFalse();
                filter.detach(listener.fd().number());
                filter.detach(listener.fd().number());
                assertThat(arrives(listener, CLIENT4, query("a.", A))).isTrue();
                assertThat(filter.hits(IpAddress.parse(CLIENT4))).isEqualTo(1);
            }
        });
    }

    /** The socket holds the program, and the program its tables. */
    @Test
    void aFilterThatIsClosedGoesOnDropping() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (UdpSocket listener = listener("127.0.0.1")) {
                try (KernelFilter filter = new PacketFilters().open(internal(ANY_TYPE))) {
                    block(CLIENT4).fill(filter);
                    filter.attach(listener.fd().number());
                }
                assertThat(arrives(listener, CLIENT4, query("a.", A))).isFalse();
            }
        });
    }

    /** A listening TCP socket never sees the first packet of whom it does not want; names are nothing to it. */
    @Test
    void connections() throws Exception {
        // The JDK keeps a descriptor from its first socket on.
        try (ServerSocketChannel channel = ServerSocketChannel.open();
                Socket socket = new Socket()) {
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            socket.connect(channel.getLocalAddress());
        }
        KernelSandbox.run(sandbox -> {
            addAddresses();
            connections("127.0.0.1", CLIENT4, "127.0.2.1");
            connections("::1", CLIENT6, MARKER6);
        });
    }

    private static void connections(String local, String bad, String good) throws Exception {
        boolean six = local.contains(":");
        try (ServerSocketChannel listener =
                        ServerSocketChannel.open(six ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
                KernelFilter filter = new PacketFilters().open(internal(ANY_TYPE))) {
            int descriptor = ChannelSocket.of(listener).descriptor();
            listener.bind(new InetSocketAddress(InetAddress.ofLiteral(local), 0));
            InetSocketAddress to = (InetSocketAddress) listener.getLocalAddress();
            block(bad).fill(filter);
            suffix(".", ANY_TYPE, MatchAction.DROP, FOREVER).fill(filter);
            filter.attach(descriptor);
            try (Socket client = connected(good, to);
                    SocketChannel accepted = listener.accept()) {
                client.getOutputStream().write(query("a.", A));
                assertThat(accepted.socket().getInputStream().read()).isNotNegative();
            }
            assertThatThrownBy(() -> connected(bad, to)).isInstanceOf(SocketTimeoutException.class);
            assertThat(filter.hits(IpAddress.parse(bad))).isPositive();
            filter.detach(descriptor);
            connected(bad, to).close();
        }
    }

    private static Socket connected(String from, InetSocketAddress to) throws Exception {
        Socket socket = new Socket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
            socket.connect(to, 300);
            return socket;
        } catch (java.io.IOException e) {
            socket.close();
            throw e;
        }
    }
}
