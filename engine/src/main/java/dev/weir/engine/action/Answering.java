package dev.weir.engine.action;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.query.HttpAnswer;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;
import dev.weir.wire.AnswerComposer;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Rcode;
import dev.weir.wire.RecordType;
import dev.weir.wire.Records;
import dev.weir.wire.ServiceBinding;
import dev.weir.wire.Soa;
import java.util.List;

/**
 * Actions that turn the query into its answer, in place. An answer that does not fit its buffer becomes SERVFAIL: the client learns that
 * something is wrong, and asks elsewhere.
 */
public sealed interface Answering extends Action {
    /** Octets of the longest message: its length has 16 bits over TCP (RFC 1035 4.2.2). */
    int LONGEST = 0xffff;

    /** An answer without records. */
    record RCode(int rcode, AnswerFlags flags) implements Answering {
        @Override
        public Result perform(Query query, RuleContext context) {
            if (context.startAnswer(query)) {
                context.composer().rcode(rcode);
                flags.apply(context.composer());
                context.finishAnswer(query);
            }
            return Result.HEADER_MODIFY;
        }

        @Override
        public String text() {
            return "set rcode " + rcode;
        }
    }

    /** Answers the request that the query came in, without DNS; lets queries pass that came otherwise. */
    record HttpStatus(HttpAnswer answer, AnswerFlags flags) implements Answering {
        @Override
        public Result perform(Query query, RuleContext context) {
            if (query.origin().http() == null) {
                return Result.NONE;
            }
            query.decided().setHttpAnswer(answer);
            return new RCode(Rcode.NOERROR, flags).perform(query, context);
        }

        @Override
        public String text() {
            return "return an HTTP status of " + answer.status();
        }
    }

    /** An answer without records, with a response code that may need OPT (RFC 6891 6.1.3). */
    record ExtendedRCode(int rcode, AnswerFlags flags) implements Answering {
        @Override
        public Result perform(Query query, RuleContext context) {
            return new RCode(rcode, flags).perform(query, context);
        }

        @Override
        public String text() {
            return "set ercode " + rcode;
        }
    }

    /** Addresses of the family asked for, both for ANY, in random order; what none of them can answer is let through. */
    record SpoofAddresses(List<IpAddress> addresses, AnswerFlags flags) implements Answering {
        @Override
        public Result perform(Query query, RuleContext context) {
            int type = query.type();
            if (!canAnswer(type)) {
                return Result.NONE;
            }
            if (context.startAnswer(query)) {
                AnswerComposer composer = context.composer();
                flags.apply(composer);
                int first = addresses.size() < 2 ? 0 : context.random().nextInt(addresses.size());
                for (int i = 0; i < addresses.size(); i++) {
                    add(composer, addresses.get((first + i) % addresses.size()), type);
                }
                context.finishAnswer(query);
            }
            return Result.HEADER_MODIFY;
        }

        private boolean canAnswer(int type) {
            for (int i = 0; i < addresses.size(); i++) {
                if (suits(addresses.get(i), type)) {
                    return true;
                }
            }
            return false;
        }

        private static boolean suits(IpAddress address, int type) {
            return type == RecordType.ANY || type == (address.isV4() ? RecordType.A : RecordType.AAAA);
        }

        private void add(AnswerComposer composer, IpAddress address, int type) {
            if (!suits(address, type)) {
                return;
            }
            if (address.isV4()) {
                composer.addA((int) address.lo(), flags.ttlSeconds());
            } else {
                composer.addAaaa(address.hi(), address.lo(), flags.ttlSeconds());
            }
        }

        @Override
        public String text() {
            return "spoof in "
                    + String.join(
                            " ", addresses.stream().map(IpAddress::toString).toList());
        }
    }

    /** An alias, whatever type was asked for. */
    record SpoofCname(Name target, AnswerFlags flags) implements Answering {
        @Override
        public Result perform(Query query, RuleContext context) {
            if (context.startAnswer(query)) {
                flags.apply(context.composer());
                context.composer().addCname(target, flags.ttlSeconds());
                context.finishAnswer(query);
            }
            return Result.HEADER_MODIFY;
        }

        @Override
        public String text() {
            return "spoof in " + target;
        }
    }

    /**
     * Records of the type asked for with given RDATA.
     *
     * @param typeForAny what ANY is answered with; -1: ANY is let through
     */
    record SpoofRaw(List<byte[]> rdata, int typeForAny, AnswerFlags flags) implements Answering {
        @Override
        public Result perform(Query query, RuleContext context) {
            int type = query.type() == RecordType.ANY ? typeForAny : query.type();
            if (type < 0) {
                return Result.NONE;
            }
            if (context.startAnswer(query)) {
                flags.apply(context.composer());
                for (byte[] data : rdata) {
                    context.composer().addAnswer(type, flags.ttlSeconds(), data, 0, data.length);
                }
                context.finishAnswer(query);
            }
            return Result.HEADER_MODIFY;
        }

        @Override
        public String text() {
            return "spoof in raw bytes";
        }
    }

    /** Service bindings (RFC 9460) as records of the type asked for, and the addresses of their hints as additional ones. */
    record SpoofService(List<ServiceBinding> bindings, AnswerFlags flags) implements Answering {
        @Override
        public Result perform(Query query, RuleContext context) {
            if (context.startAnswer(query)) {
                AnswerComposer composer = context.composer();
                flags.apply(composer);
                for (ServiceBinding binding : bindings) {
                    byte[] rdata = binding.rdata();
                    composer.addAnswer(query.type(), flags.ttlSeconds(), rdata, 0, rdata.length);
                }
                for (ServiceBinding binding : bindings) {
                    Name owner = binding.target().isRoot() ? query.name() : binding.target();
                    addHints(composer, owner, RecordType.A, binding.ipv4Hints());
                    addHints(composer, owner, RecordType.AAAA, binding.ipv6Hints());
                }
                context.finishAnswer(query);
            }
            return Result.HEADER_MODIFY;
        }

        private void addHints(AnswerComposer composer, Name owner, int type, List<byte[]> addresses) {
            for (byte[] address : addresses) {
                composer.addRecord(Records.ADDITIONAL, owner, type, flags.ttlSeconds(), address);
            }
        }

        @Override
        public String text() {
            return "spoof SVC record ";
        }
    }

    /** A whole message, which only gets the query's id. */
    record SpoofPacket(byte[] answer) implements Answering {
        public SpoofPacket {
            requireLength(answer.length);
        }

        /**
         * Checks that so many octets can be a message.
         *
         * @throws IllegalArgumentException if not
         */
        public static void requireLength(int octets) {
            if (octets < Header.LENGTH || octets > LONGEST) {
                throw new IllegalArgumentException(
                        "a message has " + Header.LENGTH + " to " + LONGEST + " octets, not " + octets);
            }
        }

        @Override
        public Result perform(Query query, RuleContext context) {
            int id = Header.id(query.packet());
            System.arraycopy(answer, 0, query.packet(), 0, answer.length);
            Header.setId(query.packet(), id);
            query.setLength(answer.length);
            return Result.HEADER_MODIFY;
        }

        @Override
        public String text() {
            return "spoof a raw response";
        }
    }

    /** NXDOMAIN or no data, with the zone's SOA (RFC 2308). */
    record NegativeAndSoa(boolean nxdomain, Name zone, long ttlSeconds, Soa soa, boolean inAuthority, AnswerFlags flags)
            implements Answering {
        @Override
        public Result perform(Query query, RuleContext context) {
            if (context.startAnswer(query)) {
                AnswerComposer composer = context.composer();
                composer.rcode(nxdomain ? Rcode.NXDOMAIN : Rcode.NOERROR);
                flags.apply(composer);
                composer.addSoa(inAuthority ? Records.AUTHORITY : Records.ADDITIONAL, zone, ttlSeconds, soa);
                context.finishAnswer(query);
            }
            return Result.HEADER_MODIFY;
        }

        @Override
        public String text() {
            return (nxdomain ? "NXD " : "NODATA") + " with SOA";
        }
    }
}
