package dev.weir.engine.rule;

import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;
import dev.weir.wire.Edns;
import dev.weir.wire.Header;
import dev.weir.wire.Octets;
import dev.weir.wire.Rcode;
import dev.weir.wire.RecordType;
import dev.weir.wire.Records;
import java.util.List;

/** Selectors that look at the message under treatment, its question's name aside. */
public sealed interface MessageSelector extends Selector {
    /** Sections of a message by their numbers. */
    List<String> SECTIONS = List.of("QD", "AN", "NS", "AR");

    record QType(int type) implements MessageSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return query.type() == type;
        }

        @Override
        public String text() {
            return "qtype==" + RecordType.toString(type);
        }
    }

    record QClass(int recordClass) implements MessageSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return query.recordClass() == recordClass;
        }

        @Override
        public String text() {
            return "qclass==" + recordClass;
        }
    }

    record Opcode(int opcode) implements MessageSelector {
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
    record RCode(int rcode) implements MessageSelector {
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
    record ExtendedRCode(int rcode) implements MessageSelector {
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

    record Rd() implements MessageSelector {
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
    record Dnssec() implements MessageSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return query.dnssecOk();
        }

        @Override
        public String text() {
            return "DNSSEC";
        }
    }

    /** Number of records in a section (0 for questions) within these bounds. */
    record RecordsCount(int section, int min, int max) implements MessageSelector {
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
    record RecordsTypeCount(int section, int type, int min, int max) implements MessageSelector {
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
    record EdnsVersion(int version) implements MessageSelector {
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

    record EdnsOption(int code) implements MessageSelector {
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
    record TrailingData() implements MessageSelector {
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

    /** Octets of the message. */
    record PayloadSize(Comparison comparison, int size) implements MessageSelector {
        @Override
        public boolean matches(Query query, RuleContext context) {
            return comparison.holds(query.length(), size);
        }

        @Override
        public String text() {
            return "payload size is " + comparison.word() + " to " + size;
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
}
