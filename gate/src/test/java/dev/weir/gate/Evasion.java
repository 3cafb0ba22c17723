package dev.weir.gate;

import dev.weir.testkit.PacketBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A form of a query that Linux delivers to a socket like any other, in the hope that a guard does not.
 *
 * @param family 4 or 6
 * @param frames of the query, in their order
 * @param question whether there is one for the guard to read: what names say holds then, too
 * @param everywhere whether each kernel takes it; where one does not, there is nothing to stop
 */
record Evasion(String what, int family, List<byte[]> frames, boolean question, boolean everywhere) {
    private static final Query QUERY = Query.of("www.Example.com", 1);
    private static final int FRAGMENTED = 7;
    /** One option of six octets, PadN (RFC 8200 4.2). */
    private static final byte[] PAD = {1, 4, 0, 0, 0, 0};
    /** A routing header of an experimental type with no segment left, which is passed over (RFC 8200 4.4). */
    private static final byte[] AT_ITS_END = {(byte) 253, 0, 0, 0, 0, 0};

    private static final byte[] NOP = {1, 1, 1, 1};
    private static final byte[] ALL_STATIONS = {-1, -1, -1, -1, -1, -1};
    private static final byte[] STATION = {2, 0, 0, 0, 0, 1};

    /** Octets of an Ethernet header without tags. */
    static final int LINK_HEADER = 14;

    /** Whether what is unusual about it lies behind the Ethernet header. */
    boolean isOfTheNetworkLayer() {
        int etherType = family == 4 ? 0x0800 : 0x86dd;
        return frames.stream()
                .allMatch(frame -> GuardModel.u16(frame, LINK_HEADER - 2) == etherType && frame[0] != ALL_STATIONS[0]);
    }

    @Override
    public String toString() {
        return "IPv" + family + ", " + what;
    }

    static List<Evasion> all() {
        List<Evasion> all = new ArrayList<>();
        for (int family : new int[] {4, 6}) {
            all.add(frame("as it is", family, p -> p));
            all.add(frame(
                    "upper case",
                    family,
                    p -> p.payload(Query.of("WWW.EXAMPLE.COM", 1).bytes())));
            all.add(frame("octets behind the packet", family, p -> p.padding(30)));
            all.add(frame(
                    "octets behind the question",
                    family,
                    p -> p.payload(QUERY.withBehind(0, new byte[] {1, 2, 3}).bytes())));
            for (int tags : new int[] {1, 2, 3, 5, 8}) {
                all.add(tagged(tags, family));
            }
            // The kernel of 6.18.44 takes eight tags at most, others any number.
            all.add(tagged(20, family).onSomeKernels());
            all.add(frame("another VLAN protocol", family, p -> p.tag(0x88a8, 0).tag(0x8100, 0)));
            all.add(frame("to all stations", family, p -> p.stations(STATION, ALL_STATIONS)));
            all.add(frame("from port 0", family, p -> p.ports(0, 53)));
            all.add(frame(
                    "an answer", family, p -> p.payload(QUERY.withFlags(0x8180).bytes())));
            all.add(frame(
                    "two questions",
                    family,
                    p -> p.payload(QUERY.withCounts(2, 0).bytes())));
            all.add(frame("traffic class", family, p -> p.trafficClass(255)));
            all.add(unreadable("no question", family, QUERY.withCounts(0, 0).bytes()));
            all.add(unreadable("11 octets", family, Arrays.copyOf(QUERY.bytes(), 11)));
            all.add(unreadable("one octet", family, new byte[1]));
            byte[] pointer = QUERY.bytes();
            pointer[12] = (byte) 0xc0;
            all.add(unreadable("a compressed name", family, pointer));
            all.add(fragments("two fragments", family, 16));
            all.add(fragments("a fragment of 8 octets", family, 8));
        }
        all.add(frame("no checksum", 4, PacketBuilder::withoutChecksum));
        all.add(frame("one option", 4, p -> p.options(NOP)));
        all.add(frame("ten options", 4, p -> p.options(Arrays.copyOf(NOP, 40))));
        all.add(frame("to the network", 4, p -> p.addresses("198.18.0.1", "198.18.255.255")));
        for (int count : new int[] {1, 6, 7, 8, 30, 150}) {
            all.add(frame(count + " destination options", 6, p -> {
                for (int i = 0; i < count; i++) {
                    p.extension(PacketBuilder.DESTINATION_OPTIONS, PAD);
                }
                return p;
            }));
        }
        all.add(frame("hop-by-hop options", 6, p -> p.extension(PacketBuilder.HOP_BY_HOP, PAD)));
        all.add(frame(
                "no length", 6, p -> p.extension(PacketBuilder.HOP_BY_HOP, PAD).ipLength(0)));
        all.add(frame("no UDP length", 6, p -> p.udpLength(0)));
        all.add(frame("a routing header", 6, p -> p.extension(PacketBuilder.ROUTING, AT_ITS_END)));
        all.add(frame("one fragment", 6, p -> p.fragment(0, false)));
        all.add(frame("options around one fragment", 6, p -> p.extension(PacketBuilder.DESTINATION_OPTIONS, PAD)
                .fragment(0, false)
                .extension(PacketBuilder.DESTINATION_OPTIONS, PAD)));
        return all;
    }

    private static Evasion tagged(int tags, int family) {
        return frame(tags + " empty VLAN tags", family, p -> {
            for (int i = 0; i < tags; i++) {
                p.tag(0x8100, 0);
            }
            return p;
        });
    }

    private Evasion onSomeKernels() {
        return new Evasion(what, family, frames, question, false);
    }

    private static Evasion frame(String what, int family, UnaryOperator<PacketBuilder> change) {
        return of(what, family, change, true);
    }

    private static Evasion unreadable(String what, int family, byte[] message) {
        return of(what, family, p -> p.payload(message), false);
    }

    private static Evasion of(String what, int family, UnaryOperator<PacketBuilder> change, boolean question) {
        byte[] frame = change.apply(query(family, QUERY.bytes())).build();
        return new Evasion(what, family, List.of(frame), question, true);
    }

    /** A query whose options fill a second fragment; the first holds so many octets of IP payload. */
    private static Evasion fragments(String what, int family, int firstOctets) {
        byte[] whole = query(family, QUERY.withOpt(0, 0, 64).bytes()).build();
        int header = family == 4 ? 34 : 54;
        byte[] datagram = Arrays.copyOfRange(whole, header, whole.length);
        byte[] first = Arrays.copyOf(datagram, firstOctets);
        byte[] second = Arrays.copyOfRange(datagram, firstOctets, datagram.length);
        List<byte[]> frames = List.of(
                query(family, first)
                        .withoutTransport()
                        .fragment(0, true, FRAGMENTED)
                        .build(),
                query(family, second)
                        .withoutTransport()
                        .fragment(firstOctets / 8, false, FRAGMENTED)
                        .build());
        return new Evasion(what, family, frames, false, true);
    }

    static PacketBuilder query(int family, byte[] message) {
        PacketBuilder packet = new PacketBuilder().payload(message);
        return family == 4 ? packet : packet.addresses("fd00::1", "fd00::53");
    }
}
