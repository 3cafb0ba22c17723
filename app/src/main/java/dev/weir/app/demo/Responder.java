package dev.weir.app.demo;

import dev.weir.wire.AnswerComposer;
import dev.weir.wire.Edns;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Opcode;
import dev.weir.wire.Question;
import dev.weir.wire.Rcode;
import dev.weir.wire.RecordClass;
import dev.weir.wire.RecordType;
import dev.weir.wire.Records;
import dev.weir.wire.ResponseEditor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns queries into authoritative answers from zones in memory (RFC 1034 4.3.2): aliases, wildcards, negative answers with SOA. No
 * delegations, no DNSSEC, no transfers. One responder serves one thread.
 */
final class Responder {
    /** Octets a buffer must have: more than any answer of ours takes. */
    static final int BUFFER_SIZE = 16_384;

    /** What a client without EDNS can take over UDP, in octets (RFC 1035 4.2.1). */
    private static final int PLAIN_UDP_SIZE = 512;

    private static final int IGNORED = -1;

    private final List<Zone> zones;
    private final AnswerComposer composer = new AnswerComposer();
    private final ResponseEditor editor = new ResponseEditor();
    private final Question question = new Question();
    private final Edns edns = new Edns();

    /** @param zones the first that covers a name answers for it */
    Responder(List<Zone> zones) {
        this.zones = zones;
    }

    /**
     * Replaces the query by its answer.
     *
     * @param message a buffer of {@link #BUFFER_SIZE} octets
     * @param length the query's octets
     * @return the answer's octets, or less than zero if there is to be none
     */
    int answer(byte[] message, int length, boolean udp) {
        if (length < Header.LENGTH || Header.has(message, Header.QR)) {
            return IGNORED;
        }
        if (Header.opcode(message) != Opcode.QUERY) {
            return failure(message, length, Rcode.NOTIMP);
        }
        if (Header.qdcount(message) != 1 || question.parse(message, length) < 0 || edns.parse(message, length) < 0) {
            return failure(message, length, Rcode.FORMERR);
        }
        int limit = !udp ? 0xffff : edns.present() ? clientSize() : PLAIN_UDP_SIZE;
        composer.start(message, length);
        composer.flag(Header.AA | Header.RA, false);
        if (edns.present() && edns.version() != 0) {
            composer.rcode(Rcode.BADVERS);
        } else {
            compose(Name.at(message, length, Question.OFFSET));
        }
        int size = composer.finish(true, AnswerComposer.PAYLOAD_SIZE);
        return size > limit ? editor.truncate(message, size) : size;
    }

    private int clientSize() {
        return Math.clamp(edns.payloadSize(), PLAIN_UDP_SIZE, AnswerComposer.PAYLOAD_SIZE);
    }

    /** An answer with nothing but a response code; without the question where that cannot be read. */
    private int failure(byte[] message, int length, int rcode) {
        if (composer.start(message, length) < 0) {
            Header.setCounts(message, 0, 0, 0, 0);
            composer.start(message, Header.LENGTH);
        }
        composer.flag(Header.AA | Header.RA, false);
        composer.rcode(rcode);
        return composer.finish(true, AnswerComposer.PAYLOAD_SIZE);
    }

    private void compose(Name name) {
        Zone zone = zone(name);
        if (zone == null || question.recordClass() != RecordClass.IN || isTransfer(question.type())) {
            composer.rcode(Rcode.REFUSED);
            return;
        }
        composer.flag(Header.AA, true);
        Map<Integer, Zone.RecordSet> node = zone.find(name);
        if (node == null) {
            composer.rcode(Rcode.NXDOMAIN);
            addSoa(zone);
            return;
        }
        if (question.type() == RecordType.ANY) {
            node.values().forEach(this::addAnswer);
            return;
        }
        Zone.RecordSet wanted = node.get(question.type());
        Zone.RecordSet alias = node.get(RecordType.CNAME);
        if (wanted != null) {
            addAnswer(wanted);
        } else if (alias != null) {
            addAnswer(alias);
            addTarget(zone, alias);
        } else {
            addSoa(zone);
        }
    }

    /** What an alias stands for, in the same zone and one step far. */
    private void addTarget(Zone zone, Zone.RecordSet alias) {
        byte[] data = alias.data().getFirst();
        Name target = Name.ofWire(data, 0, data.length);
        if (!zone.covers(target)) {
            return;
        }
        Map<Integer, Zone.RecordSet> node = zone.find(target);
        Zone.RecordSet set = node == null ? null : node.get(question.type());
        if (node == null) {
            composer.rcode(Rcode.NXDOMAIN);
        }
        if (set == null) {
            addSoa(zone);
            return;
        }
        for (byte[] rdata : set.data()) {
            composer.addRecord(Records.ANSWER, target, set.type(), set.ttlSeconds(), rdata);
        }
    }

    private void addAnswer(Zone.RecordSet set) {
        for (byte[] data : set.data()) {
            composer.addAnswer(set.type(), set.ttlSeconds(), data, 0, data.length);
        }
    }

    private void addSoa(Zone zone) {
        composer.addSoa(Records.AUTHORITY, zone.origin(), zone.negativeTtlSeconds(), zone.soa());
    }

    private @Nullable Zone zone(Name name) {
        for (Zone zone : zones) {
            if (zone.covers(name)) {
                return zone;
            }
        }
        return null;
    }

    private static boolean isTransfer(int type) {
        return type == RecordType.AXFR || type == RecordType.IXFR;
    }
}
