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
    boolean passUnanswerable;
    /** How often entries got what they want. */
    long hits;

    Outcome judge(byte[] frame) {
        Packet packet = Packet.parse(frame, ports);
        if (packet == null || packet.whose == Whose.OTHERS) {
            return new Outcome(PASS, frame);
        }
        Entry entry = ofClient(packet.source);
        if (entry != null && !wantsReply(entry.action)) {
            return settled(entry, frame);
        }
        if (packet.whose == Whose.OURS && packet.protocol == PacketBuilder.TCP) {
            return entry != null && entry.action != TRUNCATE ? unanswerable(frame) : new Outcome(PASS, frame);
        }
        Message message = Message.parse(packet.payload);
        if (entry != null) {
            byte[] reply = replyWanted(entry, packet, message, frame);
            return reply == null ? unanswerable(frame) : answered(reply);
        }
        Entry byName = message == null ? null : ofQuestion(message);
        if (byName != null && !wantsReply(byName.action)) {
            return settled(byName, frame);
        }
        byte[] reply = byName == null ? null : replyWanted(byName, packet, message, frame);
        return reply == null ? overRate(packet, message, frame) : answered(reply);
    }

    private static byte @Nullable [] replyWanted(Entry entry, Packet packet, @Nullable Message message, byte[] frame) {
        int result = entry.action == TRUNCATE ? Query.TC : entry.action == REFUSED ? Query.REFUSED : Query.NXDOMAIN;
        return message == null ? null : reply(packet, message, frame, result);
    }

    private Outcome answered(byte[] reply) {
        hits++;
        return new Outcome(TX, reply);
    }

    private Outcome unanswerable(byte[] frame) {
        hits += passUnanswerable ? 0 : 1;
        return new Outcome(passUnanswerable ? PASS : DROP, frame);
    }

    private Outcome settled(Entry entry, byte[] frame) {
        hits += entry.action == 0 || entry.action == 1 ? 1 : 0;
        return new Outcome(entry.action == 1 ? DROP : PASS, frame);
    }

    @Override
    public String toString() {
        return addresses + " " + ranges + " " + names + " " + suffixes + " " + rates;
    }

    private Outcome overRate(Packet packet, @Nullable Message message, byte[] frame) {
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
        byte[] reply = slips && message != null ? reply(packet, message, frame, Query.TC) : null;
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

    /** Whom a packet is for, as far as can be seen. */
    private enum Whose {
        OURS,
        OTHERS,
        /** Cut short or contradictory: nobody can say that it is not ours. */
        UNREADABLE
    }

    /** An IP packet. */
    private static final class Packet {
        private static final Set<Integer> EXTENSIONS = Set.of(0, 43, 44, 60);

        int network;
        IpAddress source = IpAddress.ANY4;
        byte[] destinationOctets = {};
        int protocol;
        int identity;
        int fragmentField;
        boolean hasExtension;
        boolean isFragment;
        Whose whose = Whose.OTHERS;
        int sourcePort;
        int destinationPort;
        boolean withoutChecksum;
        byte @Nullable [] payload;

        /** Returns null for what is no IP packet with a sender. */
        static @Nullable Packet parse(byte[] frame, Set<Integer> ports) {
            Packet packet = new Packet();
            int at = 12;
            while (u16(frame, at) == 0x8100 || u16(frame, at) == 0x88a8) {
                at += 4;
                if (at + 2 > frame.length) {
                    return null;
                }
            }
            packet.network = at + 2;
            return switch (u16(frame, at)) {
                case 0x0800 -> packet.parse4(frame, ports) ? packet : null;
                case 0x86dd -> packet.parse6(frame, ports) ? packet : null;
                default -> null;
            };
        }

        private boolean parse4(byte[] frame, Set<Integer> ports) {
            if (frame.length < network + 20 || u8(frame, network) >> 4 != 4) {
                return false;
            }
            int header = (u8(frame, network) & 15) * 4;
            hasExtension = header > 20;
            identity = u16(frame, network + 4);
            fragmentField = u16(frame, network + 6);
            isFragment = (fragmentField & 0x3fff) != 0;
            protocol = u8(frame, network + 9);
            source = IpAddress.of(Arrays.copyOfRange(frame, network + 12, network + 16));
            destinationOctets = Arrays.copyOfRange(frame, network + 16, network + 20);
            transport(frame, network + header, network + u16(frame, network + 2), ports);
            return true;
        }

        private boolean parse6(byte[] frame, Set<Integer> ports) {
            if (frame.length < network + 40 || u8(frame, network) >> 4 != 6) {
                return false;
            }
            source = IpAddress.of(Arrays.copyOfRange(frame, network + 8, network + 24));
            destinationOctets = Arrays.copyOfRange(frame, network + 24, network + 40);
            protocol = u8(frame, network + 6);
            int length = u16(frame, network + 4);
            int end = length == 0 && protocol == 0 ? frame.length : network + 40 + length;
            int at = network + 40;
            boolean laterFragment = false;
            while (EXTENSIONS.contains(protocol) && !laterFragment && at + 8 <= frame.length) {
                hasExtension = true;
                int type = protocol;
                protocol = u8(frame, at);
                if (type == 44) {
                    isFragment |= (u16(frame, at + 2) & 0xfff9) != 0;
                    laterFragment = u16(frame, at + 2) >> 3 != 0;
                }
                at += type == 44 ? 8 : 8 + 8 * u8(frame, at + 1);
            }
            transport(frame, at, end, ports);
            return true;
        }

        private void transport(byte[] frame, int at, int end, Set<Integer> ports) {
            boolean udp = protocol == PacketBuilder.UDP;
            if (!udp && protocol != PacketBuilder.TCP) {
                whose = !source.isV4() && EXTENSIONS.contains(protocol) ? Whose.UNREADABLE : Whose.OTHERS;
                return;
            }
            if (isFragment) {
                whose = Whose.OURS;
                return;
            }
            if (at + 8 > frame.length) {
                whose = Whose.UNREADABLE;
                return;
            }
            sourcePort = u16(frame, at);
            destinationPort = u16(frame, at + 2);
            if (!ports.contains(destinationPort)) {
                return;
            }
            int least = network + (source.isV4() ? 20 : 40);
            if (at < least || at + (udp ? 8 : 20) > end || end > frame.length) {
                whose = Whose.UNREADABLE;
                return;
            }
            whose = Whose.OURS;
            withoutChecksum = udp && source.isV4() && u16(frame, at + 6) == 0;
            int udpLength = u16(frame, at + 4);
            int udpEnd = udpLength == 0 && !source.isV4() ? end : at + udpLength;
            if (udp && udpEnd >= at + 8 && udpEnd <= end) {
                payload = Arrays.copyOfRange(frame, at + 8, udpEnd);
            }
        }

        boolean isUnicast() {
            if (source.isV4()) {
                return !source.isUnspecified() && source.lo() < 0xe000_0000L && (destinationOctets[0] & 0xff) < 0xe0;
            }
            return !source.isUnspecified() && source.hi() >>> 56 != 0xff && (destinationOctets[0] & 0xff) != 0xff;
        }
    }
}
