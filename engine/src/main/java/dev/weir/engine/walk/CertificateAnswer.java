package dev.weir.engine.walk;

import dev.weir.engine.listen.DnscryptCertificate;
import dev.weir.engine.listen.DnscryptCertificates;
import dev.weir.engine.query.Query;
import dev.weir.wire.Header;
import dev.weir.wire.Opcode;
import dev.weir.wire.Question;
import dev.weir.wire.RecordClass;
import dev.weir.wire.RecordType;

/** What clients of DNSCrypt ask in the clear, before anything else: a provider's certificates. Belongs to its data thread. */
final class CertificateAnswer {
    private static final int TTL_SECONDS = 3600;

    private final Worker worker;

    CertificateAnswer(Worker worker) {
        this.worker = worker;
    }

    /** Whether a packet asks for TXT of the provider's name; its question stands in {@link Worker#question} then. */
    boolean isAskedFor(Query query) {
        DnscryptCertificates known = query.origin().frontend().dnscrypt();
        byte[] packet = query.packet();
        if (known == null || query.length() < Header.LENGTH) {
            return false;
        }
        Question question = worker.question();
        return (Header.flags(packet) & (Header.QR | Header.TC)) == 0
                && Header.opcode(packet) == Opcode.QUERY
                && Header.qdcount(packet) == 1
                && question.parse(packet, query.length()) > 0
                && question.type() == RecordType.TXT
                && question.recordClass() == RecordClass.IN
                && known.providerName().matches(packet, Question.OFFSET, question.nameLength());
    }

    /** Turns the packet into the answer: the certificates that are active and valid now; those that fit, and TC, if it came as a datagram. */
    void compose(Query query) {
        DnscryptCertificates known = query.origin().frontend().dnscrypt();
        if (known == null || !worker.startAnswer(query)) {
            return;
        }
        for (DnscryptCertificate certificate : known.advertised()) {
            byte[] octets = certificate.toOctets();
            byte[] text = new byte[1 + octets.length];
            text[0] = (byte) octets.length;
            System.arraycopy(octets, 0, text, 1, octets.length);
            worker.composer().addAnswer(RecordType.TXT, TTL_SECONDS, text, 0, text.length);
        }
        worker.composer().flag(Header.AA, false);
        worker.finishAnswer(query);
        if (query.origin().overUdp() && query.length() > query.payloadSize()) {
            worker.answerTruncated(query);
        }
    }
}
