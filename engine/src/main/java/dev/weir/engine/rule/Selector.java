package dev.weir.engine.rule;

import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.acl.Peer;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.query.HashedName;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;
import dev.weir.engine.rate.RateTable;
import dev.weir.engine.rate.TokenBucket;
import dev.weir.wire.Edns;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Octets;
import dev.weir.wire.ProxyHeader;
import dev.weir.wire.Rcode;
import dev.weir.wire.RecordType;
import dev.weir.wire.Records;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rule looks for. A closed set, so that configuration, console and compiler see the same one; the operator's own code comes in
 * through {@link Custom}. Called on data threads: a selector with state keeps it in a thread-safe object.
 *
 * <p>Names and texts are dnsdist's: {@link #text} is what {@code showRules()} prints.
 */
public sealed interface Selector {
    /** Sections of a message by their numbers. */
    List<String> SECTIONS = List.of("QD", "AN", "NS", "AR");

    boolean matches(Query query, RuleContext context);

    String text();

    /** Every query. */
    record All() implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return true;
        }

        @Override
        public String text() {
            return "All";
        }
    }

    record And(List<Selector> all) implements Selector {
        public And {
            all = List.copyOf(all);
        }

        @Override
        public boolean matches(Query query, RuleContext context) {
            for (int i = 0; i < all.size(); i++) {
                if (!all.get(i).matches(query, context)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String text() {
            return joined(all, " && ");
        }
    }

    record Or(List<Selector> any) implements Selector {
        public Or {
            any = List.copyOf(any);
        }

        @Override
        public boolean matches(Query query, RuleContext context) {
            for (int i = 0; i < any.size(); i++) {
                if (any.get(i).matches(query, context)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String text() {
            return joined(any, " || ");
        }
    }

    private static String joined(List<Selector> selectors, String between) {
        return String.join(
                between, selectors.stream().map(s -> "(" + s.text() + ")").toList());
    }

    record Not(Selector other) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return !other.matches(query, context);
        }

        @Override
        public String text() {
            return "!(" + other.text() + ")";
        }
    }

    /** Exactly this name. */
    record QName(Name name) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            HashedName key = query.nameKey();
            return key.hash() == name.hashCode() && key.suffixEquals(0, name);
        }

        @Override
        public String text() {
            return "qname==" + name;
        }
    }

    /** One of these names exactly. */
    record QNameSet(NameSet names) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return names.contains(query.nameKey());
        }

        @Override
        public String text() {
            return "qname in DNSNameSet(" + names.size() + " FQDNs)";
        }
    }

    /** One of these names or below it. */
    record Suffix(SuffixSet names, boolean quiet) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return names.match(query.nameKey());
        }

        @Override
        public String text() {
            return quiet ? "qname==in-set" : "qname in " + names;
        }
    }

    /** The client's address, or the one it asked at, is in a set of networks. */
    record Netmasks(NetmaskGroup group, boolean source, boolean quiet) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return group.match(source ? query.client() : query.destination());
        }

        @Override
        public String text() {
            return (source ? "Src: " : "Dst: ") + (quiet ? "in-group" : group.toString());
        }
    }

    record QType(int type) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return query.type() == type;
        }

        @Override
        public String text() {
            return "qtype==" + RecordType.toString(type);
        }
    }

    record QClass(int recordClass) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return query.recordClass() == recordClass;
        }

        @Override
        public String text() {
            return "qclass==" + recordClass;
        }
    }

    record Opcode(int opcode) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return Header.opcode(query.packet()) == opcode;
        }

        @Override
        public String text() {
            return "opcode==" + opcode;
        }
    }

    /** The four header bits of the response code. */
    record RCode(int rcode) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return Header.rcode(query.packet()) == rcode;
        }

        @Override
        public String text() {
            return "rcode==" + (rcode > 15 ? "ErrOutOfRange" : Rcode.phrase(rcode));
        }
    }

    /** The response code with the extended bits of OPT. */
    record ExtendedRCode(int rcode) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            Edns edns = context.parseEdns(query);
            int extended = edns.present() ? edns.extendedRcode() << 4 : 0;
            return (extended | Header.rcode(query.packet())) == rcode;
        }

        @Override
        public String text() {
            return "ercode==" + Rcode.phrase(rcode);
        }
    }

    /** A regular expression matches the name's presentation form, which has no final dot here. */
    record Regex(Expression expression) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return context.scanners().matches(expression, query.nameKey().expressionText());
        }

        @Override
        public String text() {
            return (expression.isWhole() ? "RE2 match: " : "Regex: ") + expression.source();
        }
    }

    /** Matches while the rate is below the limit. */
    record MaxQps(TokenBucket bucket) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return bucket.take(context.nowNanos());
        }

        @Override
        public String text() {
            return "Max " + bucket.rate() + " qps";
        }
    }

    /** Matches clients whose network asks more than its share. */
    record MaxQpsIp(RateTable rates) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            Peer client = query.client();
            return rates.exceeds(client.family(), client.hi(), client.lo(), context.nowNanos(), context.stats());
        }

        @Override
        public String text() {
            return rates.text();
        }
    }

    /** Queries over TCP, or over anything but TCP. DoT, DoH and their like count as TCP. */
    record Tcp(boolean tcp) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return query.overUdp() != tcp;
        }

        @Override
        public String text() {
            return tcp ? "TCP" : "UDP";
        }
    }

    record Rd() implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return Header.has(query.packet(), Header.RD);
        }

        @Override
        public String text() {
            return "rd==1";
        }
    }

    /** DO is set. */
    record Dnssec() implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return query.dnssecOk();
        }

        @Override
        public String text() {
            return "DNSSEC";
        }
    }

    /** @param value {@code null}: any */
    record Tag(String name, @Nullable String value) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            String there = query.tag(name);
            return there != null && (value == null || value.equals(there));
        }

        @Override
        public String text() {
            return "tag '" + name + "' is set" + (value == null ? "" : " to '" + value + "'");
        }
    }

    record PoolAvailable(String pool) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return context.poolIsUsable(pool);
        }

        @Override
        public String text() {
            return "pool '" + pool + "' is available";
        }
    }

    record PoolOutstanding(String pool, long limit) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return context.poolHasInFlightOver(pool, limit);
        }

        @Override
        public String text() {
            return "pool '" + pool + "' outstanding > " + limit;
        }
    }

    record DstPort(int port) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return query.destination().port() == port;
        }

        @Override
        public String text() {
            return "dst port==" + port;
        }
    }

    /** Number of labels outside these bounds. */
    record LabelsCount(int min, int max) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            int labels = query.nameKey().labels();
            return labels < min || labels > max;
        }

        @Override
        public String text() {
            return "labels count < " + min + " || labels count > " + max;
        }
    }

    /** Octets of the name outside these bounds. */
    record WireLength(int min, int max) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return query.nameLength() < min || query.nameLength() > max;
        }

        @Override
        public String text() {
            return "wire length < " + min + " || wire length > " + max;
        }
    }

    /** With this probability. */
    record Probability(double probability) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return probability >= 1 || context.random().nextDouble() < probability;
        }

        @Override
        public String text() {
            return String.format(java.util.Locale.ROOT, "match with prob. %.2f", probability);
        }
    }

    /** Number of records in a section (0 for questions) within these bounds. */
    record RecordsCount(int section, int min, int max) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            int count = Octets.u16(query.packet(), Header.QDCOUNT + 2 * section);
            return count >= min && count <= max;
        }

        @Override
        public String text() {
            return min + " <= records in " + SECTIONS.get(section) + " <= " + max;
        }
    }

    /** Number of records of one type in a section within these bounds. A broken message has those before the break. */
    record RecordsTypeCount(int section, int type, int min, int max) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            int count = section == 0 && query.type() == type ? 1 : 0;
            Records records = new Records();
            int state = section == 0 ? 0 : records.start(query.packet(), query.length());
            while (state > 0 && (state = records.next()) > 0) {
                count += records.section() == section && records.type() == type ? 1 : 0;
            }
            return count >= min && count <= max;
        }

        @Override
        public String text() {
            return min + " <= " + RecordType.toString(type) + " records in " + SECTIONS.get(section) + " <= " + max;
        }
    }

    /** EDNS of a later version than this. */
    record EdnsVersion(int version) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            Edns edns = context.parseEdns(query);
            return edns.present() && edns.version() > version;
        }

        @Override
        public String text() {
            return "ednsversion>" + version;
        }
    }

    record EdnsOption(int code) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            Edns edns = context.parseEdns(query);
            return edns.present() && edns.findOption(query.packet(), code) >= 0;
        }

        @Override
        public String text() {
            return "ednsoptcode==" + code;
        }
    }

    /** Octets behind the last record. */
    record TrailingData() implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            Records records = new Records();
            int state = records.start(query.packet(), query.length());
            int end = state;
            while (state > 0 && (state = records.next()) > 0) {
                end = records.end();
            }
            return state == 0 && end < query.length();
        }

        @Override
        public String text() {
            return "trailing data";
        }
    }

    /** How a size compares with a given one, under the words of {@code PayloadSizeRule}. */
    enum Comparison {
        EQUAL("equal"),
        GREATER("greater"),
        GREATER_OR_EQUAL("greaterOrEqual"),
        SMALLER("smaller"),
        SMALLER_OR_EQUAL("smallerOrEqual");

        private final String word;

        Comparison(String word) {
            this.word = word;
        }

        /** The word that configurations have for it. */
        public String word() {
            return word;
        }

        boolean holds(int size, int other) {
            return switch (this) {
                case EQUAL -> size == other;
                case GREATER -> size > other;
                case GREATER_OR_EQUAL -> size >= other;
                case SMALLER -> size < other;
                case SMALLER_OR_EQUAL -> size <= other;
            };
        }
    }

    /** Octets of the message. */
    record PayloadSize(Comparison comparison, int size) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return comparison.holds(query.length(), size);
        }

        @Override
        public String text() {
            return "payload size is " + comparison.word() + " to " + size;
        }
    }

    /** How the client's query came. */
    record IncomingProtocol(Protocol protocol) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return query.protocol() == protocol;
        }

        @Override
        public String text() {
            return "incoming protocol is " + protocol.shortName();
        }
    }

    /** @param value {@code null}: any */
    record ProxyValue(int type, byte @Nullable [] value) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            for (ProxyHeader.Tlv tlv : query.proxyTlvs()) {
                if (tlv.type() == type && (value == null || Arrays.equals(value, tlv.value()))) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String text() {
            return "proxy protocol value of type " + type + (value == null ? "" : " matches");
        }
    }

    /** The operator's own. */
    record Custom(String text, Test test) implements Selector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return test.matches(query);
        }
    }

    /** What stands behind a {@link Custom} selector; deals with its own errors. */
    @FunctionalInterface
    interface Test {
        boolean matches(Query query);
    }
}
