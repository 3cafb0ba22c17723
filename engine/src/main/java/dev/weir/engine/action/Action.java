package dev.weir.engine.action;

import dev.weir.engine.acl.LinkAddresses;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;
import dev.weir.engine.rate.TokenBucket;
import dev.weir.engine.rule.LookupKey;
import dev.weir.engine.store.KeyValueStore;
import dev.weir.wire.ClientSubnetEditor;
import dev.weir.wire.Header;
import dev.weir.wire.ProxyHeader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a query rule does. A closed set, as {@link dev.weir.engine.rule.Selector} is; actions that make the answer are {@link Answering},
 * the operator's own code comes in through {@link Custom}. Called on data threads.
 */
public sealed interface Action permits Action.Simple, Answering, LogAction, TeeAction {
    Result perform(Query query, RuleContext context);

    /** What {@code showRules()} prints. */
    String text();

    /** Actions that change fields of the query or say where it goes. */
    sealed interface Simple extends Action {}

    record Drop() implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            return Result.DROP;
        }

        @Override
        public String text() {
            return "drop";
        }
    }

    record Allow() implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            return Result.ALLOW;
        }

        @Override
        public String text() {
            return "allow";
        }
    }

    record None() implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            return Result.NONE;
        }

        @Override
        public String text() {
            return "no op";
        }
    }

    /** @param stop whether later rules are skipped */
    record ToPool(String pool, boolean stop) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            query.decided().setPoolName(pool);
            query.decided().setActionParameter(pool);
            return stop ? Result.POOL : Result.NONE;
        }

        @Override
        public String text() {
            return "to pool " + pool;
        }
    }

    /** Drops what is over the rate. */
    record Qps(TokenBucket bucket) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            return bucket.take(context.nowNanos()) ? Result.NONE : Result.DROP;
        }

        @Override
        public String text() {
            return "qps limit to " + bucket.rate();
        }
    }

    /** Sends to the pool what is within the rate. */
    record QpsPool(TokenBucket bucket, String pool, boolean stop) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            if (!bucket.take(context.nowNanos())) {
                return Result.NONE;
            }
            query.decided().setPoolName(pool);
            query.decided().setActionParameter(pool);
            return stop ? Result.POOL : Result.NONE;
        }

        @Override
        public String text() {
            return "max " + bucket.rate() + " to pool " + pool;
        }
    }

    record Delay(int millis) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            query.decided().setDelayMillis(millis);
            return Result.NONE;
        }

        @Override
        public String text() {
            return "delay by " + millis + " ms";
        }
    }

    /** An answer with TC over UDP; streams pass. */
    record Truncate() implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            return Result.TRUNCATE;
        }

        @Override
        public String text() {
            return "tc=1 answer";
        }
    }

    record SetNoRecurse() implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            Header.set(query.packet(), Header.RD, false);
            return Result.NONE;
        }

        @Override
        public String text() {
            return "set rd=0";
        }
    }

    record SetDisableValidation() implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            Header.set(query.packet(), Header.CD, true);
            return Result.NONE;
        }

        @Override
        public String text() {
            return "set cd=1";
        }
    }

    record SetSkipCache() implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            query.decided().setSkipCache(true);
            return Result.NONE;
        }

        @Override
        public String text() {
            return "skip cache";
        }
    }

    record SetTempFailureCacheTtl(long seconds) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            query.decided().setTempFailureTtl(seconds);
            return Result.NONE;
        }

        @Override
        public String text() {
            return "set tempfailure cache ttl to " + seconds;
        }
    }

    record SetMaxReturnedTtl(long seconds) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            query.decided().setMaxReturnedTtl(seconds);
            return Result.NONE;
        }

        @Override
        public String text() {
            return "set the maximum returned TTL to " + seconds;
        }
    }

    record SetTag(String name, String value) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            query.decided().setTag(name, value);
            return Result.NONE;
        }

        @Override
        public String text() {
            return "set tag '" + name + "' to value '" + value + "'";
        }
    }

    record UnsetTag(String name) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            query.decided().unsetTag(name);
            return Result.NONE;
        }

        @Override
        public String text() {
            return "unset tag '" + name + "'";
        }
    }

    record SetDisableEcs() implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            query.decided().setUseEcs(false);
            return Result.NONE;
        }

        @Override
        public String text() {
            return "disable ECS";
        }
    }

    record SetEcsOverride(boolean override) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            query.decided().setEcsOverride(override);
            return Result.NONE;
        }

        @Override
        public String text() {
            return "set ECS override to " + (override ? 1 : 0);
        }
    }

    record SetEcsPrefixLength(int v4, int v6) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            query.decided().setEcsPrefixLength(query.origin().client().family() == 4 ? v4 : v6);
            return Result.NONE;
        }

        @Override
        public String text() {
            return "set ECS prefix length to " + v4 + "/" + v6;
        }
    }

    /** @param v6 {@code null}: IPv6 clients keep their own network; with only one network given it serves both families */
    record SetEcs(Netmask v4, @Nullable Netmask v6) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            Netmask six = v6 == null ? v4 : v6;
            query.decided().setEcs(v4.ip(), v4.prefix(), six.ip(), six.prefix());
            return Result.NONE;
        }

        @Override
        public String text() {
            return "set ECS to " + v4 + (v6 == null ? "" : " / " + v6);
        }
    }

    /**
     * Sets an EDNS option of the query; a query without room for it goes on as it is. Without OPT it gets one, which says that the client
     * takes no more than without (RFC 1035 2.3.4), and which is taken out of the answer.
     */
    record SetEdnsOption(int code, byte[] data) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            byte[] packet = query.packet();
            int length = query.length();
            if (!context.parseEdns(query).present()) {
                length = context.ednsEditor().appendOpt(packet, length, ClientSubnetEditor.PAYLOAD_SIZE, 0, 0);
            }
            if (length > 0) {
                int longer = context.ednsEditor().setOption(packet, length, code, data, 0, data.length);
                query.setLength(longer > 0 ? longer : length);
            }
            return Result.NONE;
        }

        @Override
        public String text() {
            return "add EDNS Option (code=" + code + ")";
        }
    }

    /** Tells the backend the client's hardware address in an EDNS option, if the client is a neighbour. */
    record SetMacAddress(int code, LinkAddresses neighbours) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            byte[] address = neighbours.of(query.origin().client().ip());
            return address == null ? Result.NONE : new SetEdnsOption(code, address).perform(query, context);
        }

        @Override
        public String text() {
            return "add EDNS MAC (code=" + code + ")";
        }
    }

    /** Puts a store's value for a part of the query into a tag, which is empty if it has none. */
    record StoreLookup(KeyValueStore store, LookupKey key, String tag, boolean range) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            byte[] value = key.find(store, query, range);
            query.decided().setTag(tag, value == null ? "" : new String(value, StandardCharsets.UTF_8));
            return Result.NONE;
        }

        @Override
        public String text() {
            return (range ? "do a range-based lookup in" : "lookup") + " key-value store based on '" + key.text()
                    + "' and set the result in tag '" + tag + "'";
        }
    }

    /** Replaces all TLVs that go to the backend. */
    record SetProxyValues(List<ProxyHeader.Tlv> values) implements Simple {
        public SetProxyValues {
            values = List.copyOf(values);
        }

        @Override
        public Result perform(Query query, RuleContext context) {
            query.decided().setProxyTlvs(values);
            return Result.NONE;
        }

        @Override
        public String text() {
            return "set Proxy-Protocol values";
        }
    }

    record AddProxyValue(int type, byte[] value) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            query.decided().addProxyTlv(type, value);
            return Result.NONE;
        }

        @Override
        public String text() {
            return "add a Proxy-Protocol value of type " + type;
        }
    }

    /** Adds an extended DNS error to whatever answer is sent (RFC 8914). */
    record SetExtendedError(int infoCode, byte[] extraText, boolean clearOthers) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            query.decided().addExtendedError(infoCode, extraText, clearOthers);
            return Result.NONE;
        }

        @Override
        public String text() {
            return "set EDNS Extended DNS Error to " + infoCode;
        }
    }

    /** Goes on to later rules after an action that would stop ({@code ContinueAction}); a query turned into an answer still stops. */
    record Continue(Action action) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            return action.perform(query, context) == Result.NO_OP ? Result.NO_OP : Result.NONE;
        }

        @Override
        public String text() {
            return "continue after: " + action.text();
        }
    }

    /** The operator's own. */
    record Custom(String text, Effect effect) implements Simple {
        @Override
        public Result perform(Query query, RuleContext context) {
            return effect.on(query);
        }
    }

    /** What stands behind a {@link Custom} action; deals with its own errors. */
    @FunctionalInterface
    interface Effect {
        Result on(Query query);
    }
}
