package dev.weir.testkit;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** A query under construction; every method returns a changed copy. */
@SuppressWarnings("ArrayRecordComponent") // raw bytes for assertions, never compared through equals
public record DnsQuery(
        int id, int flags, String name, int type, int qclass, int payloadSize, boolean dnssecOk, byte[] options) {
    private static final int NO_EDNS = -1;

    /** A query of class IN with RD, a random id and no EDNS. */
    public static DnsQuery of(String name, int type) {
        int id = ThreadLocalRandom.current().nextInt(0x1_0000);
        return new DnsQuery(id, DnsMessage.RD, name, type, DnsMessage.IN, NO_EDNS, false, new byte[0]);
    }

    /** With another id. */
    public DnsQuery withId(int newId) {
        return new DnsQuery(newId, flags, name, type, qclass, payloadSize, dnssecOk, options);
    }

    /** With other header flags (bytes 2 and 3). */
    public DnsQuery withFlags(int newFlags) {
        return new DnsQuery(id, newFlags, name, type, qclass, payloadSize, dnssecOk, options);
    }

    /** With another class. */
    public DnsQuery withClass(int newClass) {
        return new DnsQuery(id, flags, name, type, newClass, payloadSize, dnssecOk, options);
    }

    /** With EDNS and this payload size. */
    public DnsQuery edns(int newPayloadSize) {
        return new DnsQuery(id, flags, name, type, qclass, newPayloadSize, dnssecOk, options);
    }

    /** With EDNS (payload size 1232 unless set) and DO. */
    public DnsQuery withDnssecOk() {
        return new DnsQuery(id, flags, name, type, qclass, ednsSize(), true, options);
    }

    /** With EDNS (payload size 1232 unless set) and one more option. */
    public DnsQuery option(int code, byte... data) {
        ByteArrayOutputStream more = new ByteArrayOutputStream();
        more.writeBytes(options);
        DnsMessage.put16(more, code);
        DnsMessage.put16(more, data.length);
        more.writeBytes(data);
        return new DnsQuery(id, flags, name, type, qclass, ednsSize(), dnssecOk, more.toByteArray());
    }

    private int ednsSize() {
        return payloadSize == NO_EDNS ? 1232 : payloadSize;
    }

    /** As a message. */
    public DnsMessage message() {
        List<DnsMessage.Rr> opt = payloadSize == NO_EDNS
                ? List.of()
                : List.of(new DnsMessage.Rr(".", DnsMessage.OPT, payloadSize, dnssecOk ? 0x8000 : 0, options));
        return new DnsMessage(
                id, flags, List.of(new DnsMessage.Question(name, type, qclass)), List.of(), List.of(), opt);
    }

    /** The wire form. */
    public byte[] packet() {
        return message().compose();
    }
}
