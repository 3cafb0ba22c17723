package dev.weir.engine.explain;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.explain.Explanation.End;
import dev.weir.engine.explain.Explanation.Outcome;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.query.HttpAnswer;
import dev.weir.engine.query.Query;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.wire.ClientSubnet;
import dev.weir.wire.Edns;
import dev.weir.wire.Header;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What becomes of a query, told once it has walked. */
final class Ending {
    private final ImaginedQuery asked;
    private final Frontend frontend;
    private final Query query;
    private final Rehearsal rehearsal;
    private final String blockedBy;
    private final boolean poolIsThere;
    private final byte[] sent;

    /**
     * @param blockedBy what ends it before the rules, in words; empty if nothing does
     * @param poolIsThere whether there is the pool that it was to go to
     * @param sent the message that goes to a backend, empty if none does
     */
    Ending(
            ImaginedQuery asked,
            Frontend frontend,
            Query query,
            Rehearsal rehearsal,
            String blockedBy,
            boolean poolIsThere,
            byte[] sent) {
        this.asked = asked;
        this.frontend = frontend;
        this.query = query;
        this.rehearsal = rehearsal;
        this.blockedBy = blockedBy;
        this.poolIsThere = poolIsThere;
        this.sent = sent;
    }

    End of(WalkVerdict verdict) {
        return switch (verdict) {
            case PARK -> forwarded();
            case ANSWER -> answered();
            default -> unanswered();
        };
    }

    private End unanswered() {
        if (rehearsal.isSuspended()) {
            return end(
                    Outcome.SUSPENDED,
                    "suspended by " + rehearsal.stoppedBy() + ": what becomes of it is decided outside",
                    Map.of("by", rehearsal.stoppedBy()));
        }
        String by;
        if (!rehearsal.stoppedBy().isEmpty()) {
            by = rehearsal.stoppedBy();
        } else if (!blockedBy.isEmpty()) {
            by = blockedBy;
        } else if (!poolIsThere) {
            by = "there is no pool " + query.decided().poolName();
        } else if (rehearsal.policyAsked() && query.found().backend() == null) {
            by = "no server takes queries";
        } else if (frontend.muted()) {
            by = "the listener is muted";
        } else {
            by = "it is no query that is answered";
        }
        return end(Outcome.DROPPED, "dropped: " + by, Map.of("by", by));
    }

    private End answered() {
        HttpAnswer http = query.decided().httpAnswer();
        if (http != null) {
            return end(Outcome.ANSWERED, "answered with HTTP status " + http.status(), Map.of("status", http.status()));
        }
        AnswerLines answer = AnswerLines.of(query.packetCopy());
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("rcode", answer.rcode());
        facts.put("answers", answer.answers());
        String delay = query.decided().delayMillis() == 0
                ? ""
                : " after " + query.decided().delayMillis() + " ms";
        if (query.found().cacheHit()) {
            return new End(Outcome.CACHED, "answered from the cache: " + answer.head() + delay, facts, answer.lines());
        }
        String by = answerer();
        facts.put("by", by);
        return new End(Outcome.ANSWERED, "answered by " + by + ": " + answer.head() + delay, facts, answer.lines());
    }

    private String answerer() {
        if (!rehearsal.answeredBy().isEmpty()) {
            return rehearsal.answeredBy();
        }
        if (!blockedBy.isEmpty()) {
            return blockedBy;
        }
        return rehearsal.policyAsked() ? "Weir, for want of a server" : "Weir itself";
    }

    private End forwarded() {
        Backend backend = query.found().backend();
        if (backend == null) {
            throw new IllegalStateException("forwarded to nobody");
        }
        BackendSpec spec = backend.spec();
        String over = transport(spec);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("server", backend.label());
        facts.put("address", backend.address().toString());
        facts.put("transport", over);
        StringBuilder text = new StringBuilder("sent to " + Inquiry.label(backend) + " over " + over);
        if (!query.name().equals(asked.name())) {
            text.append(", as ").append(query.name());
        }
        String subnet = subnet();
        if (!subnet.isEmpty()) {
            facts.put("subnet", subnet);
            text.append(", with subnet ").append(subnet);
        }
        if (spec.additions().proxyProtocol()) {
            facts.put("proxy-protocol", true);
            text.append(", with a PROXY header");
        }
        if ((Header.flags(sent) & Header.RD) == 0 && (asked.flags() & Header.RD) != 0) {
            text.append(", without RD");
        }
        return end(Outcome.FORWARDED, text.toString(), facts);
    }

    private String transport(BackendSpec spec) {
        if (spec.http() != null) {
            return "HTTPS";
        }
        if (spec.tls() != null) {
            return "TLS";
        }
        return asked.protocol().forwardsOverUdp() && !spec.tcp().only() ? "UDP" : "TCP";
    }

    /** The subnet in the message as it is sent; empty without one. */
    private String subnet() {
        Edns edns = new Edns();
        edns.parse(sent, sent.length);
        ClientSubnet subnet = new ClientSubnet();
        if (!edns.present() || subnet.parse(sent, edns) <= 0) {
            return "";
        }
        IpAddress network = subnet.family() == ClientSubnet.IPV4
                ? IpAddress.v4((int) subnet.lo())
                : IpAddress.v6(subnet.hi(), subnet.lo());
        return Netmask.of(network, subnet.sourcePrefix()).toString();
    }

    static End end(Outcome outcome, String text, Map<String, Object> facts) {
        return new End(outcome, text, facts, List.of());
    }
}
