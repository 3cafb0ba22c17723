package dev.weir.engine.action;

import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;
import dev.weir.wire.Octets;
import dev.weir.wire.RecordType;
import dev.weir.wire.Records;
import dev.weir.wire.Ttls;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What a response rule does, on whichever of the response chains. A closed set; called on data threads. */
public sealed interface ResponseAction permits ResponseAction.Simple, LogResponseAction {
    ResponseResult perform(Query query, RuleContext context);

    /** What {@code showResponseRules()} prints. */
    String text();

    /** Actions that change the answer or say what becomes of it. */
    sealed interface Simple extends ResponseAction {}

    record Allow() implements Simple {
        @Override
        public ResponseResult perform(Query query, RuleContext context) {
            return ResponseResult.ALLOW;
        }

        @Override
        public String text() {
            return "allow";
        }
    }

    record Drop() implements Simple {
        @Override
        public ResponseResult perform(Query query, RuleContext context) {
            return ResponseResult.DROP;
        }

        @Override
        public String text() {
            return "drop";
        }
    }

    record Truncate() implements Simple {
        @Override
        public ResponseResult perform(Query query, RuleContext context) {
            return ResponseResult.TRUNCATE;
        }

        @Override
        public String text() {
            return "tc=1 answer";
        }
    }

    record Delay(int millis) implements Simple {
        @Override
        public ResponseResult perform(Query query, RuleContext context) {
            query.decided().setDelayMillis(millis);
            return ResponseResult.NONE;
        }

        @Override
        public String text() {
            return "delay by " + millis + " ms";
        }
    }

    record SetTag(String name, String value) implements Simple {
        @Override
        public ResponseResult perform(Query query, RuleContext context) {
            query.decided().setTag(name, value);
            return ResponseResult.NONE;
        }

        @Override
        public String text() {
            return "set tag '" + name + "' to value '" + value + "'";
        }
    }

    record UnsetTag(String name) implements Simple {
        @Override
        public ResponseResult perform(Query query, RuleContext context) {
            query.decided().unsetTag(name);
            return ResponseResult.NONE;
        }

        @Override
        public String text() {
            return "unset tag '" + name + "'";
        }
    }

    record SetSkipCache() implements Simple {
        @Override
        public ResponseResult perform(Query query, RuleContext context) {
            query.decided().setSkipCache(true);
            return ResponseResult.NONE;
        }

        @Override
        public String text() {
            return "skip cache";
        }
    }

    record SetMaxReturnedTtl(long seconds) implements Simple {
        @Override
        public ResponseResult perform(Query query, RuleContext context) {
            query.decided().setMaxReturnedTtl(seconds);
            return ResponseResult.NONE;
        }

        @Override
        public String text() {
            return "set the maximum returned TTL to " + seconds;
        }
    }

    record SetExtendedError(int infoCode, byte[] extraText, boolean clearOthers) implements Simple {
        @Override
        public ResponseResult perform(Query query, RuleContext context) {
            query.decided().addExtendedError(infoCode, extraText, clearOthers);
            return ResponseResult.NONE;
        }

        @Override
        public String text() {
            return "set EDNS Extended DNS Error to " + infoCode;
        }
    }

    /**
     * Brings TTLs into these bounds, in seconds.
     *
     * @param types of which records; none: of all
     */
    record LimitTtl(long minSeconds, long maxSeconds, int... types) implements Simple {
        @Override
        public ResponseResult perform(Query query, RuleContext context) {
            Ttls.clamp(query.packet(), query.length(), minSeconds, maxSeconds, types);
            return ResponseResult.NONE;
        }

        @Override
        public String text() {
            String of = types.length == 0 ? "" : ", of types " + names(types);
            return "limit ttl (" + minSeconds + " <= ttl <= " + maxSeconds + of + ")";
        }
    }

    /** Removes all records of these types. */
    record ClearRecordTypes(int... types) implements Simple {
        @Override
        public ResponseResult perform(Query query, RuleContext context) {
            int length = context.messageRewriter().withoutTypes(query.packet(), query.length(), types);
            query.setLength(length > 0 ? length : query.length());
            return ResponseResult.NONE;
        }

        @Override
        public String text() {
            return "clear record types " + names(types);
        }
    }

    private static String names(int... types) {
        return Arrays.stream(types).mapToObj(RecordType::toString).collect(Collectors.joining(" "));
    }

    /** Brings all TTLs down to this share of what they are, in per cent. */
    record ReduceTtl(int percentage) implements Simple {
        @Override
        public ResponseResult perform(Query query, RuleContext context) {
            Records records = new Records();
            int state = records.start(query.packet(), query.length());
            while (state > 0 && (state = records.next()) > 0) {
                if (records.type() != RecordType.OPT) {
                    Octets.putU32(query.packet(), records.ttlOffset(), records.ttl() * percentage / 100);
                }
            }
            return ResponseResult.NONE;
        }

        @Override
        public String text() {
            return "reduce ttl to " + percentage + " percent of its value";
        }
    }

    /** Sets an EDNS option of an answer that has OPT. */
    record SetEdnsOption(int code, byte[] data) implements Simple {
        @Override
        public ResponseResult perform(Query query, RuleContext context) {
            if (context.parseEdns(query).present()) {
                int length = context.ednsEditor().setOption(query.packet(), query.length(), code, data, 0, data.length);
                query.setLength(length > 0 ? length : query.length());
            }
            return ResponseResult.NONE;
        }

        @Override
        public String text() {
            return "add EDNS Option (code=" + code + ")";
        }
    }

    /** The operator's own. */
    record Custom(String text, Effect effect) implements Simple {
        @Override
        public ResponseResult perform(Query query, RuleContext context) {
            return effect.on(query);
        }
    }

    /** What stands behind a {@link Custom} action; deals with its own errors. */
    @FunctionalInterface
    interface Effect {
        ResponseResult on(Query query);
    }
}
