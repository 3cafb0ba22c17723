package dev.weir.net.health;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.backend.BackendSpec.CheckFunction;
import dev.weir.engine.backend.BackendSpec.CheckQuestion;
import dev.weir.engine.backend.Health.Outcome;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Octets;
import dev.weir.wire.ProxyHeader;
import dev.weir.wire.Question;
import dev.weir.wire.Rcode;
import java.util.Arrays;

/** One health check: the query, and the verdict on what comes back. */
final class Check {
    private final Backend backend;
    private final CheckQuestion question;
    private final byte[] query;
    private final long startedNanos;
    private final long deadlineNanos;

    private Check(Backend backend, CheckQuestion question, byte[] query, long startedNanos) {
        this.backend = backend;
        this.question = question;
        this.query = query;
        this.startedNanos = startedNanos;
        this.deadlineNanos = startedNanos + timeoutNanos();
    }

    /**
     * Composes the query: RD, and what the backend's options and its check function say.
     *
     * @param id the message's id, unless the check function changes it
     * @throws RuntimeException what the check function throws
     */
    static Check compose(Backend backend, int id, long nowNanos) {
        BackendSpec spec = backend.spec();
        byte[] header = new byte[Header.LENGTH];
        Header.setId(header, id);
        Header.setFlags(header, Header.RD | (spec.checks().setCd() ? Header.CD : 0));
        Header.setCounts(header, 1, 0, 0, 0);
        CheckFunction function = spec.checks().function();
        CheckQuestion question = function == null
                ? new CheckQuestion(
                        spec.checks().name(),
                        spec.checks().type(),
                        spec.checks().recordClass())
                : function.question(
                        spec.checks().name(),
                        spec.checks().type(),
                        spec.checks().recordClass(),
                        header);
        return compose(backend, question, header, nowNanos);
    }

    /** Asks something else than a health check does. */
    static Check asking(Backend backend, CheckQuestion question, int id, long nowNanos) {
        byte[] header = new byte[Header.LENGTH];
        Header.setId(header, id);
        Header.setFlags(header, Header.RD);
        Header.setCounts(header, 1, 0, 0, 0);
        return compose(backend, question, header, nowNanos);
    }

    private static Check compose(Backend backend, CheckQuestion question, byte[] header, long nowNanos) {
        Name name = question.name();
        byte[] query = Arrays.copyOf(header, Question.OFFSET + name.wireLength() + 4);
        int end = name.compose(query, Question.OFFSET);
        Octets.putU16(query, end, question.type());
        Octets.putU16(query, end + 2, question.recordClass());
        return new Check(backend, question, query, nowNanos);
    }

    Backend backend() {
        return backend;
    }

    long startedNanos() {
        return startedNanos;
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    long timeoutNanos() {
        return backend.health().checkTimeoutMillis() * 1_000_000L;
    }

    /** What goes out over UDP: a PROXY header that says the query is ours if the backend wants one, and the query. */
    byte[] datagram() {
        return framed(0);
    }

    /** What goes out over TCP: the same with the query's length in front of it (RFC 1035 4.2.2). */
    byte[] stream() {
        return framed(2);
    }

    private byte[] framed(int prefix) {
        int header = backend.spec().additions().proxyProtocol() ? ProxyHeader.FIXED_LENGTH : 0;
        byte[] all = new byte[header + prefix + query.length];
        if (header > 0) {
            ProxyHeader.composeLocal(all, 0);
        }
        if (prefix > 0) {
            Octets.putU16(all, header, query.length);
        }
        System.arraycopy(query, 0, all, header + prefix, query.length);
        return all;
    }

    /** An outcome in words; empty for success. */
    String explain(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> "";
            case UNASKED -> "it could not be made";
            case TIMEOUT -> "no answer within " + backend.health().checkTimeoutMillis() + " ms";
            case NETWORK -> "the network failed";
            case PARSING -> "the answer is malformed";
            case MISMATCH -> "the answer has another id or question, or is none";
            case INVALID -> "the answer is not acceptable";
        };
    }

    /** Whether a message is the answer at all. */
    Outcome match(byte[] answer, int length) {
        if (length < Header.LENGTH) {
            return Outcome.PARSING;
        }
        if (Header.id(answer) != Header.id(query) || !Header.has(answer, Header.QR) || Header.qdcount(answer) != 1) {
            return Outcome.MISMATCH;
        }
        Question view = new Question();
        if (view.parse(answer, length) < 0) {
            return Outcome.PARSING;
        }
        boolean same = view.type() == question.type()
                && view.recordClass() == question.recordClass()
                && question.name().matches(answer, Question.OFFSET, view.nameLength());
        return same ? Outcome.SUCCESS : Outcome.MISMATCH;
    }

    /** What the answer says about the backend. */
    Outcome judge(byte[] answer, int length) {
        Outcome match = match(answer, length);
        if (match != Outcome.SUCCESS) {
            return match;
        }
        int rcode = Header.rcode(answer);
        boolean refusing = rcode == Rcode.NXDOMAIN || rcode == Rcode.REFUSED;
        boolean bad =
                rcode == Rcode.SERVFAIL || refusing && backend.spec().checks().mustResolve();
        return bad || !backend.health().validator().accepts(Arrays.copyOf(answer, length))
                ? Outcome.INVALID
                : Outcome.SUCCESS;
    }
}
