package dev.weir.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A DNS message as tests see it: a second implementation beside {@code dev.weir.wire}, on purpose, so that one cannot
 * hide the other's mistakes. Slow and simple.
 *
 * @param flags header bytes 2 and 3
 */
public record DnsMessage(
        int id, int flags, List<Question> questions, List<Rr> answers, List<Rr> authorities, List<Rr> additionals) {
    public static final int A = 1;
    public static final int NS = 2;
    public static final int CNAME = 5;
    public static final int SOA = 6;
    public static final int PTR = 12;
    public static final int MX = 15;
    public static final int TXT = 16;
    public static final int AAAA = 28;
    public static final int SRV = 33;
    public static final int OPT = 41;
    public static final int AXFR = 252;
    public static final int ANY = 255;
    public static final int IN = 1;

    public static final int QR = 0x8000;
    public static final int AA = 0x0400;
    public static final int TC = 0x0200;
    public static final int RD = 0x0100;
    public static final int RA = 0x0080;
    public static final int AD = 0x0020;
    public static final int CD = 0x0010;

    public static final int NOERROR = 0;
    public static final int FORMERR = 1;
    public static final int SERVFAIL = 2;
    public static final int NXDOMAIN = 3;
    public static final int NOTIMP = 4;
    public static final int REFUSED = 5;

    /** EDNS option codes (RFC 7871, 7873, 7830). */
    public static final int ECS_OPTION = 8;

    public static final int COOKIE_OPTION = 10;
    public static final int PADDING_OPTION = 12;

    private static final int HEADER = 12;
    private static final int OPT_DO = 0x8000;

    /** An entry of the question section. */
    public record Question(String name, int type, int qclass) {}

    /**
     * A resource record.
     *
     * @param ttlSeconds as on the wire; of an OPT: extended rcode, version and flags
     * @param rdata as on the wire, compression pointers included
     */
    @SuppressWarnings("ArrayRecordComponent") // raw bytes for assertions, never compared through equals
    public record Rr(String name, int type, int rclass, long ttlSeconds, byte[] rdata) {
        /** An A record. */
        public static Rr a(String name, long ttlSeconds, String address) {
            return new Rr(name, A, IN, ttlSeconds, IpText.parse(address));
        }

        /** An AAAA record. */
        public static Rr aaaa(String name, long ttlSeconds, String address) {
            return new Rr(name, AAAA, IN, ttlSeconds, IpText.parse(address));
        }

        /** A TXT record of {@code size} bytes of text, in strings of 255. */
        public static Rr txt(String name, long ttlSeconds, int size) {
            ByteArrayOutputStream rdata = new ByteArrayOutputStream();
            for (int left = size; left > 0; left -= 255) {
                int chunk = Math.min(left, 255);
                rdata.write(chunk);
                for (int i = 0; i < chunk; i++) {
                    rdata.write('a' + i % 26);
                }
            }
            return new Rr(name, TXT, IN, ttlSeconds, rdata.toByteArray());
        }

        /** An SOA record whose minimum equals its TTL. */
        public static Rr soa(String zone, long ttlSeconds) {
            byte[] host = DnsName.compose("ns." + zone);
            byte[] mail = DnsName.compose("hostmaster." + zone);
            ByteBuffer rdata = ByteBuffer.allocate(host.length + mail.length + 20);
            rdata.put(host)
                    .put(mail)
                    .putInt(1)
                    .putInt(3600)
                    .putInt(600)
                    .putInt(86_400)
                    .putInt((int) ttlSeconds);
            return new Rr(zone, SOA, IN, ttlSeconds, rdata.array());
        }

        /** The address of an A or AAAA record, otherwise the data in hexadecimal. */
        public String text() {
            return type == A || type == AAAA
                    ? IpText.format(rdata)
                    : java.util.HexFormat.of().formatHex(rdata);
        }
    }

    /** Reads the whole of {@code packet}; throws a {@link RuntimeException} when it isn't well-formed. */
    public static DnsMessage parse(byte[] packet) {
        ByteBuffer in = ByteBuffer.wrap(packet);
        int id = in.getShort() & 0xFFFF;
        int flags = in.getShort() & 0xFFFF;
        int[] counts = {in.getShort() & 0xFFFF, in.getShort() & 0xFFFF, in.getShort() & 0xFFFF, in.getShort() & 0xFFFF};
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < counts[0]; i++) {
            String name = takeName(packet, in);
            questions.add(new Question(name, in.getShort() & 0xFFFF, in.getShort() & 0xFFFF));
        }
        return new DnsMessage(
                id,
                flags,
                questions,
                takeRecords(packet, in, counts[1]),
                takeRecords(packet, in, counts[2]),
                takeRecords(packet, in, counts[3]));
    }

    private static List<Rr> takeRecords(byte[] packet, ByteBuffer in, int count) {
        List<Rr> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = takeName(packet, in);
            int type = in.getShort() & 0xFFFF;
            int rclass = in.getShort() & 0xFFFF;
            long ttlSeconds = in.getInt() & 0xFFFF_FFFFL;
            byte[] rdata = new byte[in.getShort() & 0xFFFF];
            in.get(rdata);
            records.add(new Rr(name, type, rclass, ttlSeconds, rdata));
        }
        return records;
    }

    private static String takeName(byte[] packet, ByteBuffer in) {
        String name = DnsName.parse(packet, in.position());
        in.position(DnsName.end(packet, in.position()));
        return name;
    }

    /** The wire form, without compression. */
    public byte[] compose() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int word :
                new int[] {id, flags, questions.size(), answers.size(), authorities.size(), additionals.size()}) {
            put16(out, word);
        }
        for (Question question : questions) {
            out.writeBytes(DnsName.compose(question.name));
            put16(out, question.type);
            put16(out, question.qclass);
        }
        for (List<Rr> section : List.of(answers, authorities, additionals)) {
            section.forEach(rr -> putRecord(out, rr));
        }
        return out.toByteArray();
    }

    private static void putRecord(ByteArrayOutputStream out, Rr rr) {
        out.writeBytes(DnsName.compose(rr.name));
        put16(out, rr.type);
        put16(out, rr.rclass);
        put16(out, (int) (rr.ttlSeconds >> 16));
        put16(out, (int) rr.ttlSeconds);
        put16(out, rr.rdata.length);
        out.writeBytes(rr.rdata);
    }

    static void put16(ByteArrayOutputStream out, int value) {
        out.write(value >> 8);
        out.write(value);
    }

    /** The four lowest bits of the flags. */
    public int rcode() {
        return flags & 0xF;
    }

    /** Whether all bits of {@code mask} are set in the flags. */
    public boolean has(int mask) {
        return (flags & mask) == mask;
    }

    /** The first question. */
    public Question question() {
        return questions.getFirst();
    }

    /** The addresses (or data) of the answer section in order. */
    public List<String> answerTexts() {
        return answers.stream().map(Rr::text).toList();
    }

    /** The OPT record. */
    public Optional<Rr> opt() {
        return additionals.stream().filter(rr -> rr.type == OPT).findFirst();
    }

    /** The client's UDP payload size, or 512 without EDNS. */
    public int payloadSize() {
        return opt().map(Rr::rclass).orElse(512);
    }

    /** Whether the OPT record has DO set. */
    public boolean dnssecOk() {
        return opt().map(rr -> (rr.ttlSeconds & OPT_DO) != 0).orElse(false);
    }

    /** The data of the first EDNS option with {@code code}. */
    public Optional<byte[]> option(int code) {
        byte[] options = opt().map(Rr::rdata).orElse(new byte[0]);
        ByteBuffer in = ByteBuffer.wrap(options);
        while (in.remaining() >= 4) {
            int found = in.getShort() & 0xFFFF;
            byte[] data = new byte[in.getShort() & 0xFFFF];
            in.get(data);
            if (found == code) {
                return Optional.of(data);
            }
        }
        return Optional.empty();
    }

    /** A response to this query with these answers, its RD and OPT (size 1232, no options) kept. */
    public DnsMessage reply(int rcode, Rr... answerRecords) {
        List<Rr> opt = opt().map(rr -> List.of(new Rr(".", OPT, 1232, rr.ttlSeconds & OPT_DO, new byte[0])))
                .orElse(List.of());
        return new DnsMessage(
                id, QR | (flags & (RD | CD)) | RA | rcode, questions, List.of(answerRecords), List.of(), opt);
    }

    /** The same with an authority section. */
    public DnsMessage withAuthority(Rr... records) {
        return new DnsMessage(id, flags, questions, answers, List.of(records), additionals);
    }

    /** The same with other flags. */
    public DnsMessage withFlags(int newFlags) {
        return new DnsMessage(id, newFlags, questions, answers, authorities, additionals);
    }

    /** The same with another id. */
    public DnsMessage withId(int newId) {
        return new DnsMessage(newId, flags, questions, answers, authorities, additionals);
    }

    /** The same with another first question. */
    public DnsMessage withQuestion(String name, int type) {
        return new DnsMessage(id, flags, List.of(new Question(name, type, IN)), answers, authorities, additionals);
    }

    /** The id of a packet. */
    public static int idOf(byte[] packet) {
        return (packet[0] & 0xFF) << 8 | (packet[1] & 0xFF);
    }

    /** A copy of {@code packet} with {@code id}. */
    public static byte[] withId(byte[] packet, int id) {
        byte[] copy = packet.clone();
        copy[0] = (byte) (id >> 8);
        copy[1] = (byte) id;
        return copy;
    }

    /** A copy of {@code packet} with the id zeroed: what is left must not change on its way through a balancer. */
    public static byte[] withoutId(byte[] packet) {
        return withId(packet, 0);
    }

    /** The same with the TTLs of all records but OPT zeroed as well, for answers out of a cache. */
    public static byte[] withoutIdAndTtls(byte[] packet) {
        byte[] copy = withoutId(packet);
        ByteBuffer in = ByteBuffer.wrap(copy);
        int at = HEADER;
        for (int i = in.getShort(4) & 0xFFFF; i > 0; i--) {
            at = DnsName.end(copy, at) + 4;
        }
        int records = (in.getShort(6) & 0xFFFF) + (in.getShort(8) & 0xFFFF) + (in.getShort(10) & 0xFFFF);
        for (int i = 0; i < records; i++) {
            int fixed = DnsName.end(copy, at);
            if (in.getShort(fixed) != OPT) {
                in.putInt(fixed + 4, 0);
            }
            at = fixed + 10 + (in.getShort(fixed + 8) & 0xFFFF);
        }
        return copy;
    }

    /** Whether two packets are equal but for their ids. */
    public static boolean sameButId(byte[] left, byte[] right) {
        return Arrays.equals(withoutId(left), withoutId(right));
    }
}
