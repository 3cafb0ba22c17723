package dev.weir.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds Ethernet frames with UDP or TCP inside, right ones and, where asked to, wrong ones. Sums and lengths are right unless they were set.
 * Each method changes this builder and returns it.
 */
public final class PacketBuilder {
    public static final int UDP = 17;
    public static final int TCP = 6;
    public static final int HOP_BY_HOP = 0;
    public static final int ROUTING = 43;
    public static final int FRAGMENT = 44;
    public static final int DESTINATION_OPTIONS = 60;

    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int MORE_FRAGMENTS = 0x2000;

    private byte[] destinationStation = {2, 0, 0, 0, 0, 2};
    private byte[] sourceStation = {2, 0, 0, 0, 0, 1};
    private final List<int[]> tags = new ArrayList<>();
    private byte[] source = IpText.parse("198.18.0.1");
    private byte[] destination = IpText.parse("198.18.0.53");
    private int sourcePort = 40_000;
    private int destinationPort = 53;
    private int protocol = UDP;
    private int timeToLive = 61;
    private int trafficClass;
    private byte[] options = {};
    private final List<Extension> extensions = new ArrayList<>();
    private int identity;
    private int fragment;
    private byte[] payload = {};
    private boolean transport = true;
    private boolean checksum = true;
    private int udpLength = -1;
    private int ipLength = -1;
    private int padding;

    private record Extension(int type, byte[] content) {}

    /** From one address to another, both of one family. */
    public PacketBuilder addresses(String from, String to) {
        source = IpText.parse(from);
        destination = IpText.parse(to);
        return this;
    }

    public PacketBuilder addresses(byte[] from, byte[] to) {
        source = from.clone();
        destination = to.clone();
        return this;
    }

    public PacketBuilder ports(int from, int to) {
        sourcePort = from;
        destinationPort = to;
        return this;
    }

    public PacketBuilder stations(byte[] from, byte[] to) {
        sourceStation = from.clone();
        destinationStation = to.clone();
        return this;
    }

    /** Adds a VLAN tag behind those that are there. */
    public PacketBuilder tag(int etherType, int control) {
        tags.add(new int[] {etherType, control});
        return this;
    }

    public PacketBuilder protocol(int number) {
        protocol = number;
        return this;
    }

    public PacketBuilder timeToLive(int hops) {
        timeToLive = hops;
        return this;
    }

    public PacketBuilder trafficClass(int value) {
        trafficClass = value;
        return this;
    }

    /** @param bytes IPv4 options, a multiple of 4 */
    public PacketBuilder options(byte... bytes) {
        options = bytes.clone();
        return this;
    }

    /** Adds an IPv6 extension header, with {@code content} behind its two octets; 8n + 6 octets. */
    public PacketBuilder extension(int type, byte... content) {
        extensions.add(new Extension(type, content.clone()));
        return this;
    }

    /** Adds an IPv6 fragment header, or sets IPv4's fields; the offset counts 8 octets each. */
    public PacketBuilder fragment(int offset, boolean more) {
        return fragment(offset, more, source.length == 4 ? identity : 7);
    }

    /** The same with the number, up to 255, that fragments of one packet share. */
    public PacketBuilder fragment(int offset, boolean more, int number) {
        if (source.length == 4) {
            return identity(number, offset | (more ? MORE_FRAGMENTS : 0));
        }
        int field = offset << 3 | (more ? 1 : 0);
        return extension(FRAGMENT, new byte[] {(byte) (field >> 8), (byte) field, 0, 0, 0, (byte) number});
    }

    /** Puts the payload right behind the IP header, whatever the protocol. */
    public PacketBuilder withoutTransport() {
        transport = false;
        return this;
    }

    /** Sets IPv4's identification, and flags with fragment offset, as they lie in the header. */
    public PacketBuilder identity(int number, int flagsAndOffset) {
        identity = number;
        fragment = flagsAndOffset;
        return this;
    }

    public PacketBuilder payload(byte... bytes) {
        payload = bytes.clone();
        return this;
    }

    /** Leaves the UDP checksum zero. */
    public PacketBuilder withoutChecksum() {
        checksum = false;
        return this;
    }

    /** Sets the length in the UDP header. */
    public PacketBuilder udpLength(int length) {
        udpLength = length;
        return this;
    }

    /** Sets IPv4's total length or IPv6's payload length. */
    public PacketBuilder ipLength(int length) {
        ipLength = length;
        return this;
    }

    /** Adds octets behind the IP packet, as Ethernet does for short frames. */
    public PacketBuilder padding(int octets) {
        padding = octets;
        return this;
    }

    /** Makes the frame. */
    public byte[] build() {
        byte[] content = !transport ? payload : protocol == UDP ? udp() : protocol == TCP ? tcp() : payload;

        byte[] packet = source.length == 4 ? ipv4(content) : ipv6(content);
        ByteBuffer frame = ByteBuffer.allocate(14 + 4 * tags.size() + packet.length + padding);
        frame.put(destinationStation).put(sourceStation);
        for (int[] tag : tags) {
            frame.putShort((short) tag[0]).putShort((short) tag[1]);
        }
        frame.putShort((short) (source.length == 4 ? IPV4 : IPV6)).put(packet);
        Arrays.fill(frame.array(), frame.position(), frame.capacity(), (byte) 0xee);
        return frame.array();
    }

    private byte[] udp() {
        int length = 8 + payload.length;
        ByteBuffer udp = ByteBuffer.allocate(length);
        udp.putShort((short) sourcePort).putShort((short) destinationPort);
        udp.putShort((short) (udpLength < 0 ? length : udpLength)).putShort((short) 0);
        udp.put(payload);
        if (checksum) {
            int sum = transportChecksum(source, destination, UDP, udp.array());
            udp.putShort(6, (short) (sum == 0 ? 0xffff : sum));
        }
        return udp.array();
    }

    private byte[] tcp() {
        ByteBuffer tcp = ByteBuffer.allocate(20 + payload.length);
        tcp.putShort((short) sourcePort).putShort((short) destinationPort);
        tcp.putInt(1).putInt(0).putShort((short) 0x5002).putShort((short) 1024).putInt(0);
        tcp.put(payload);
        tcp.putShort(16, (short) transportChecksum(source, destination, TCP, tcp.array()));
        return tcp.array();
    }

    private byte[] ipv4(byte[] transport) {
        int header = 20 + options.length;
        ByteBuffer ip = ByteBuffer.allocate(header + transport.length);
        ip.put((byte) (0x40 | header / 4)).put((byte) trafficClass);
        ip.putShort((short) (ipLength < 0 ? ip.capacity() : ipLength));
        ip.putShort((short) identity).putShort((short) fragment);
        ip.put((byte) timeToLive).put((byte) protocol).putShort((short) 0);
        ip.put(source).put(destination).put(options);
        ip.putShort(10, (short) checksum(Arrays.copyOf(ip.array(), header)));
        ip.put(transport);
        return ip.array();
    }

    private byte[] ipv6(byte[] transport) {
        int length = transport.length;
        for (Extension extension : extensions) {
            length += 2 + extension.content.length;
        }
        ByteBuffer ip = ByteBuffer.allocate(40 + length);
        ip.putInt(6 << 28 | trafficClass << 20);
        ip.putShort((short) (ipLength < 0 ? length : ipLength));
        ip.put((byte) nextHeader(0)).put((byte) timeToLive);
        ip.put(source).put(destination);
        for (int i = 0; i < extensions.size(); i++) {
            byte[] content = extensions.get(i).content;
            boolean isFragment = extensions.get(i).type == FRAGMENT;
            ip.put((byte) nextHeader(i + 1)).put((byte) (isFragment ? 0 : (content.length + 2) / 8 - 1));
            ip.put(content);
        }
        return ip.put(transport).array();
    }

    private int nextHeader(int extension) {
        return extension < extensions.size() ? extensions.get(extension).type : protocol;
    }

    /** The checksum of a UDP or TCP packet whose own checksum field is zero, with its pseudo-header (RFC 768, RFC 8200 8.1). */
    public static int transportChecksum(byte[] from, byte[] to, int protocol, byte[] transport) {
        ByteBuffer all = ByteBuffer.allocate(from.length + to.length + 8 + transport.length);
        all.put(from).put(to).putInt(protocol).putInt(transport.length).put(transport);
        return checksum(all.array());
    }

    /** The Internet checksum (RFC 1071), 0 for octets that hold their own right checksum. */
    public static int checksum(byte[] octets) {
        int sum = 0;
        for (int i = 0; i < octets.length; i++) {
            sum += (octets[i] & 0xff) << (i % 2 == 0 ? 8 : 0);
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }
}
