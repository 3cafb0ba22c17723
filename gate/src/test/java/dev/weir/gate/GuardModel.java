package dev.weir.gate;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.gate.table.NameKey;
import dev.weir.gate.table.SuffixKey;
import dev.weir.testkit.PacketBuilder;
import dev.weir.wire.Name;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The guard's rules, once more, as plainly as Java can say them: what the program does is compared with this. Slow and simple; knows nothing of
 * how the program finds out. Rates here are exceeded always or never: time is no part of the model but for entries that have ended.
 */
final class GuardModel {
    static final int DROP = 1;
    static final int PASS = 2;
    static final int TX = 3;

    private static final int TRUNCATE = 2;
    private static final int REFUSED = 128;
    private static final int NXDOMAIN = 129;

    /** An entry of any table; ended ones are as good as absent. */
    record Entry(int action, boolean ended) {}

    /** A rate that is exceeded always. */
    static final class Exceeded {
        private final int slip;
        private long limited;

        Exceeded(int slip) {
            this.slip = slip;
        }
    }

    /** What became of a frame: an XDP verdict, and the frame as it was left. */
    record Outcome(int verdict, byte[] frame) {}

    final Map<IpAddress, Entry> addresses = new HashMap<>();
    final Map<Netmask, Entry> ranges = new HashMap<>();
    final Map<NameKey, Entry> names = new HashMap<>();
    final Map<SuffixKey, Entry> suffixes = new HashMap<>();
    final Map<Netmask, Optional<Exceeded>> rates = new HashMap<>();
    final Set<Integer> ports = new HashSet<>(Set.of(53));
    boolean anyIs255;
    /** How often entries got what they want. */
    long hits;

    Outcome judge(byte[] frame) {
        Packet packet = Packet.parse(frame);
        if (packet == null || !packet.isWhole && !packet.isFragment) {
            return new Outcome(PASS, frame);
        }
        if (!packet.isFragment && !ports.contains(packet.destinationPort)) {
            return new Outcome(PASS, frame);
        }
        Entry entry = ofClient(packet.source);
        boolean mayAnswer = packet.protocol == PacketBuilder.UDP && !packet.isFragment;
        if (entry != null && !wantsReply(entry.action)) {
            return settled(entry, frame);
        }
        if (!mayAnswer) {
            return new Outcome(PASS, frame);
        }
        Message message = Message.parse(packet.payload);
        if (message == null) {
            return new Outcome(PASS, frame);
        }
        if (entry == null) {
            entry = ofQuestion(message);
        }
        if (entry == null) {
            return overRate(packet, message, frame);
        }
        if (!wantsReply(entry.action)) {
            return settled(entry, frame);
        }
        int result = entry.action == TRUNCATE ? Query.TC : entry.action == REFUSED ? Query.REFUSED : Query.NXDOMAIN;
        byte[] reply = reply(packet, message, frame, result);
        hits += reply == null ? 0 : 1;
        return reply == null ? new Outcome(PASS, frame) : new Outcome(TX, reply);
    }

    private Outcome settled(Entry entry, byte[] frame) {
        hits += entry.action == 0 || entry.action == 1 ? 1 : 0;
        return new Outcome(entry.action == 1 ? DROP : PASS, frame);
    }

    @Override
    public String toString() {
        return addresses + " " + ranges + " " + names + " " + suffixes + " " + rates;
    }

    private Outcome overRate(Packet packet, Message message, byte[] frame) {
        Exceeded rate = rates.entrySet().stream()
                .filter(r -> r.getKey().matches(packet.source))
                .max((a, b) -> Integer.compare(a.getKey().prefix(), b.getKey().prefix()))
                .flatMap(Map.Entry::getValue)
                .orElse(null);
        if (rate == null) {
            return new Outcome(PASS, frame);
        }
        rate.limited++;
        boolean slips = rate.slip > 0 && rate.limited % rate.slip == 0;
        byte[] reply = slips ? reply(packet, message, frame, Query.TC) : null;
        return reply == null ? new Outcome(DROP, frame) : new Outcome(TX, reply);
    }

    private static boolean wantsReply(int action) {
        return action == TRUNCATE || action == REFUSED || action == NXDOMAIN;
    }

    private @Nullable Entry ofClient(IpAddress client) {
        Entry entry = addresses.get(client);
        if (entry != null && !entry.ended) {
            return entry;
        }
        for (int prefix = client.bits(); prefix >= 0; prefix--) {
            entry = ranges.get(Netmask.of(client.truncate(prefix), prefix));
            if (entry != null && !entry.ended) {
                return entry;
            }
        }
        return null;
    }

    private @Nullable Entry ofQuestion(Message message) {
        int[] anyTypes = anyIs255 ? new int[] {NameKey.ANY_TYPE, 255} : new int[] {NameKey.ANY_TYPE};
        Entry entry = names.get(new NameKey(message.name, message.type));
        for (int i = 0; entry == null && i < anyTypes.length; i++) {
            entry = names.get(new NameKey(message.name, anyTypes[i]));
        }
        entry = entry == null ? ofSuffix(message.name, message.type) : entry;
        return entry == null ? ofSuffix(message.name, NameKey.ANY_TYPE) : entry;
    }

    private @Nullable Entry ofSuffix(Name name, int type) {
        for (Name suffix = name; ; suffix = suffix.parent()) {
            Entry entry = suffixes.get(new SuffixKey(suffix, type));
            if (entry != null && !entry.ended) {
                return entry;
            }
            if (suffix.isRoot()) {
                return null;
            }
        }
    }

    /** The reply to a query, null if it gets none. */
    private static byte @Nullable [] reply(Packet packet, Message message, byte[] frame, int result) {
        if ((message.flags & Query.QR) != 0
                || message.questions != 1
                || packet.hasExtension
                || packet.sourcePort == 0) {
            return null;
        }
        if ((frame[0] & 1) != 0 || (frame[6] & 1) != 0 || !packet.isUnicast()) {
            return null;
        }
        byte[] dns = new Query(
                        message.id, message.dnsClass, message.flags, 1, message.nameAsAsked, message.type, 0, 0, null)
                .reply(result, message.optFlags);
        PacketBuilder builder = new PacketBuilder()
                .addresses(packet.destinationOctets, packet.source.octets())
                .ports(packet.destinationPort, packet.sourcePort)
                .stations(Arrays.copyOf(frame, 6), Arrays.copyOfRange(frame, 6, 12))
                .timeToLive(64)
                .identity(packet.identity, packet.fragmentField)
                .payload(dns);
        for (int tag = 12; tag < packet.network - 2; tag += 4) {
            builder.tag(u16(frame, tag), u16(frame, tag + 2));
        }
        return packet.withoutChecksum ? builder.withoutChecksum().build() : builder.build();
    }

    static int u8(byte[] bytes, int at) {
        return bytes[at] & 0xff;
    }

    static int u16(byte[] bytes, int at) {
        return u8(bytes, at) << 8 | u8(bytes, at + 1);
    }

    /** The first question of a message, and what else a reply depends on. */
    private static final class Message {
        int id;
        int flags;
        int questions;
        byte[] nameAsAsked = {};
        Name name = Name.ROOT;
        int type;
        int dnsClass;
        int optFlags = -1;

        static @Nullable Message parse(byte @Nullable [] dns) {
            if (dns == null || dns.length < 12 || u16(dns, 4) == 0) {
                return null;
            }
            int end = 12;
            while (end < dns.length && dns[end] != 0) {
                if (u8(dns, end) > 63) {
                    return null;
                }
                end += u8(dns, end) + 1;
            }
            end++;
            if (end - 12 > 255 || end + 4 > dns.length) {
                return null;
            }
            Message message = new Message();
            message.id = u16(dns, 0);
            message.flags = u16(dns, 2);
            message.questions = u16(dns, 4);
            message.nameAsAsked = Arrays.copyOfRange(dns, 12, end);
            message.name = Name.ofWire(dns, 12, end - 12);
            message.type = u16(dns, end);
            message.dnsClass = u16(dns, end + 2);
            message.readOpt(dns, end + 4);
            return message;
        }

        private void readOpt(byte[] dns, int at) {
            boolean alone = u16(dns, 6) == 0 && u16(dns, 8) == 0 && u16(dns, 10) == 1;
            if (alone
                    && at + 11 <= dns.length
                    && dns[at] == 0
                    && u16(dns, at + 1) == 41
                    && dns[at + 6] == 0
                    && at + 11 + u16(dns, at + 9) <= dns.length) {
                optFlags = u16(dns, at + 7) & 0x8000;
            }
        }
    }

    /** A UDP or TCP packet over IP. */
    private static final class Packet {
        int network;
        IpAddress source = IpAddress.ANY4;
        byte[] destinationOctets = {};
        int protocol;
        int identity;
        int fragmentField;
        boolean hasExtension;
        boolean isFragment;
        boolean isWhole;
        int sourcePort;
        int destinationPort;
        boolean withoutChecksum;
        byte @Nullable [] payload;

        static @Nullable Packet parse(byte[] frame) {
            Packet packet = new Packet();
            int at = 12;
            for (int tags = 0; tags < 2; tags++) {
                boolean tagged = u16(frame, at) == 0x8100 || u16(frame, at) == 0x88a8;
                if (tagged && at + 6 > frame.length) {
                    return null;
                }
                at += tagged ? 4 : 0;
            }
            packet.network = at + 2;
            return switch (u16(frame, at)) {
                case 0x0800 -> packet.parse4(frame) ? packet : null;
                case 0x86dd -> packet.parse6(frame) ? packet : null;
                default -> null;
            };
        }

        private boolean parse4(byte[] frame) {
            if (frame.length < network + 20 || u8(frame, network) >> 4 != 4) {
                return false;
            }
            int header = (u8(frame, network) & 15) * 4;
            int end = network + u16(frame, network + 2);
            if (header < 20 || network + header > end || end > frame.length) {
                return false;
            }
            hasExtension = header > 20;
            identity = u16(frame, network + 4);
            fragmentField = u16(frame, network + 6);
            isFragment = (fragmentField & 0x3fff) != 0;
            protocol = u8(frame, network + 9);
            source = IpAddress.of(Arrays.copyOfRange(frame, network + 12, network + 16));
            destinationOctets = Arrays.copyOfRange(frame, network + 16, network + 20);
            return transport(frame, network + header, end);
        }

        private boolean parse6(byte[] frame) {
            if (frame.length < network + 40 || u8(frame, network) >> 4 != 6) {
                return false;
            }
            int end = network + 40 + u16(frame, network + 4);
            if (end > frame.length) {
                return false;
            }
            source = IpAddress.of(Arrays.copyOfRange(frame, network + 8, network + 24));
            destinationOctets = Arrays.copyOfRange(frame, network + 24, network + 40);
            protocol = u8(frame, network + 6);
            int at = network + 40;
            for (int seen = 0; Set.of(0, 43, 44, 60).contains(protocol); seen++) {
                if (seen >= 6 || at + 8 > end) {
                    return false;
                }
                hasExtension = true;
                int type = protocol;
                protocol = u8(frame, at);
                if (type == 44) {
                    isFragment |= (u16(frame, at + 2) & 0xfff9) != 0;
                    if (u16(frame, at + 2) >> 3 != 0) {
                        return transport(frame, at, end);
                    }
                    at += 8;
                } else {
                    at += 8 + 8 * u8(frame, at + 1);
                }
            }
            return transport(frame, at, end);
        }

        private boolean transport(byte[] frame, int at, int end) {
            boolean udp = protocol == PacketBuilder.UDP;
            if (!udp && protocol != PacketBuilder.TCP) {
                return false;
            }
            if (isFragment || at + (udp ? 8 : 20) > end) {
                return isFragment;
            }
            isWhole = true;
            sourcePort = u16(frame, at);
            destinationPort = u16(frame, at + 2);
            withoutChecksum = udp && source.isV4() && u16(frame, at + 6) == 0;
            int udpEnd = at + u16(frame, at + 4);
            if (udp && udpEnd >= at + 8 && udpEnd <= end) {
                payload = Arrays.copyOfRange(frame, at + 8, udpEnd);
            }
            return true;
        }

        boolean isUnicast() {
            if (source.isV4()) {
                return !source.isUnspecified() && source.lo() < 0xe000_0000L && (destinationOctets[0] & 0xff) < 0xe0;
            }
            return !source.isUnspecified() && source.hi() >>> 56 != 0xff && (destinationOctets[0] & 0xff) != 0xff;
        }
    }
}
