package dev.weir.engine.walk;

import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.action.ResponseResult;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.model.Setting;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.Suspended;
import dev.weir.engine.rule.CompiledChain;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.RuleWalk;
import dev.weir.engine.stat.Counter;
import dev.weir.wire.ClientSubnetEditor;
import dev.weir.wire.Header;
import dev.weir.wire.Names;
import dev.weir.wire.Octets;
import dev.weir.wire.Question;
import dev.weir.wire.Rcode;
import dev.weir.wire.RecordType;
import dev.weir.wire.ResponseEditor;
import dev.weir.wire.Ttls;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An answer's walk from the backend, the cache or ourselves to the client. One object per data thread.
 *
 * <pre>
 *   match     right question, right bits                    (transports look up the query by its id first)
 *   truncate  what the client can't take over UDP
 *   rules     response rules: drop, servfail, truncate, delay, restart (back to {@link QueryPath#dispatch}), as on every chain
 *   fix up    the client's id, RD, CD, case; our EDNS taken out
 *   store     insert into the cache, then its rules
 *   finish    TTL cap, extended errors, counters, the ring of responses
 * </pre>
 */
public final class ResponsePath {
    /** Answers received over UDP above this size are not cached. */
    private static final int MAX_CACHED_DATAGRAM = 4096;

    private final Worker worker;
    private final FinishingTouches touches;
    private final CachedAnswers cached;
    private final RuleWalk walk;

    /** Whether response rules had the answer in hand. */
    private boolean touched;

    /** Whether the backend said that the answer holds for all subnets. */
    private boolean zeroScope;

    /** Where restarted queries go; set by the {@link QueryPath} that is made for this response path. */
    private Function<Query, WalkVerdict> dispatch = query -> WalkVerdict.DROP;

    // Made once: a lambda per answer would be garbage.
    private final Function<Query, WalkVerdict> finish = this::finish;
    private final Function<Query, WalkVerdict> afterRulesOfDatagram = this::resumedDatagram;
    private final Function<Query, WalkVerdict> afterRulesOfStream = this::resumedStream;

    public ResponsePath(Worker worker) {
        this.worker = worker;
        this.touches = new FinishingTouches(worker);
        this.cached = new CachedAnswers(worker);
        this.walk = new RuleWalk(worker);
    }

    CachedAnswers cached() {
        return cached;
    }

    void dispatch(Function<Query, WalkVerdict> next) {
        dispatch = next;
    }

    // ---- from a backend

    /**
     * Whether a message is the answer to this query: a response with the same single question, ASCII case aside. Without a question it may
     * be one if it reports an error, or if {@code setAllowEmptyResponse} says so. Counts the mismatch otherwise.
     */
    public boolean matches(Query query, byte[] answer, int length) {
        boolean ok = length >= Header.LENGTH && Header.has(answer, Header.QR) && sameQuestion(query, answer, length);
        if (!ok) {
            noncompliant(query);
        }
        return ok;
    }

    private void noncompliant(Query query) {
        worker.stats().increment(Counter.NONCOMPLIANT_RESPONSES);
        Backend backend = query.found().backend();
        if (backend != null) {
            backend.noncompliantResponses().increment(worker.stats());
        }
    }

    private boolean sameQuestion(Query query, byte[] answer, int length) {
        if (Header.qdcount(answer) == 0) {
            int rcode = Header.rcode(answer);
            return rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN
                    || worker.snapshot().settings().on(Setting.ALLOW_EMPTY_RESPONSE);
        }
        int nameEnd = Question.OFFSET + query.nameLength();
        return Header.qdcount(answer) == 1
                && length >= nameEnd + 4
                && Octets.u16(answer, nameEnd) == query.type()
                && Octets.u16(answer, nameEnd + 2) == query.recordClass()
                && Names.equal(answer, Question.OFFSET, query.nameBytes(), query.nameOffset(), query.nameLength());
    }

    /**
     * A backend's answer, already {@linkplain #matches matched}: takes it through the whole walk and to the client. The query belongs to
     * its {@link dev.weir.engine.query.ReplyPort} afterwards.
     *
     * @param answer an array with room behind the answer, the thread's own until this returns
     */
    public void answered(Query query, byte[] answer, int length, boolean overStream) {
        query.lendKey(worker.nameKey());
        query.setPacket(answer, length);
        noteBackend(query, overStream);
        Header.setId(answer, query.id());
        conclude(query, treat(query, overStream));
    }

    /**
     * Leaves a query or an answer to whoever will have it go on.
     *
     * @param rest the walk behind the rules, on this thread again
     */
    WalkVerdict suspend(Query query, Function<Query, WalkVerdict> rest) {
        Suspended suspended = Objects.requireNonNull(query.decided().suspension());
        suspended.leave(query, worker.home(), new Suspended.Rest() {
            @Override
            public void goOn(Query mine) {
                mine.lendKey(worker.nameKey());
                conclude(mine, rest.apply(mine));
            }

            @Override
            public void giveUp(Query mine) {
                conclude(mine, WalkVerdict.DROP);
            }
        });
        return WalkVerdict.PARK;
    }

    private static void conclude(Query query, WalkVerdict verdict) {
        switch (verdict) {
            case ANSWER -> query.origin().replyPort().reply(query);
            case PARK -> {
                // Restarted, and in flight again.
            }
            default -> query.origin().replyPort().abandon(query);
        }
    }

    /**
     * A message of a zone transfer that more will follow, already matched: after the transfer rules {@link Query#packet} is what the client
     * gets next. The query stays the caller's, and its last message goes through {@link #answered}.
     *
     * @param answer an array with room behind the message, the thread's own until the message is sent
     * @return false if a rule stops the transfer
     */
    public boolean partial(Query query, byte[] answer, int length) {
        query.lendKey(worker.nameKey());
        query.setPacket(answer, length);
        Header.setId(answer, query.id());
        if (rules(worker.snapshot().xfrRules(), query, null) != WalkVerdict.CONTINUE) {
            return false;
        }
        touches.extendedErrors(query);
        return !query.origin().frontend().muted();
    }

    private void noteBackend(Query query, boolean overStream) {
        boolean servFail = Header.rcode(query.packet()) == Rcode.SERVFAIL;
        worker.stats().increment(Counter.RESPONSES);
        if (servFail) {
            worker.stats().increment(Counter.SERVFAIL_RESPONSES);
        }
        Backend backend = query.found().backend();
        if (backend != null) {
            backend.answered(worker.stats(), (worker.nowNanos() - query.found().sentNanos()) / 1000, overStream);
            backend.health().queryAnswered(servFail);
        }
    }

    private WalkVerdict treat(Query query, boolean overStream) {
        boolean transfer = query.type() == RecordType.AXFR || query.type() == RecordType.IXFR;
        if (transfer) {
            WalkVerdict verdict = rules(worker.snapshot().xfrRules(), query, null);
            return verdict == WalkVerdict.CONTINUE ? finish(query) : verdict;
        }
        truncateForClient(query);
        touched = false;
        WalkVerdict verdict =
                rules(worker.snapshot().responseRules(), query, overStream ? afterRulesOfStream : afterRulesOfDatagram);
        if (verdict == WalkVerdict.PARK) {
            return verdict; // and the query may be somebody else's by now
        }
        if (query.decided().restartRequested()) {
            return restart(query);
        }
        return verdict == WalkVerdict.CONTINUE ? afterRules(query, overStream) : verdict;
    }

    private WalkVerdict resumedDatagram(Query query) {
        touched = true;
        return afterRules(query, false);
    }

    private WalkVerdict resumedStream(Query query) {
        touched = true;
        return afterRules(query, true);
    }

    private WalkVerdict afterRules(Query query, boolean overStream) {
        if (!fixUp(query)) {
            return WalkVerdict.DROP;
        }
        store(query, overStream);
        return query.decided().restartRequested() ? restart(query) : finish(query);
    }

    /**
     * No answer came in time, or the connection broke: timeout rules see a header, then the client gets nothing unless they restart the
     * query.
     */
    public void timedOut(Query query, boolean overStream) {
        Backend backend = query.found().backend();
        if (backend != null) {
            backend.health().queryFailed();
            if (!overStream) {
                backend.drops().increment(worker.stats());
            }
        }
        unsent(query);
    }

    /** As {@link #timedOut}, for a query that may never have left this host: no evidence against the backend. */
    public void unsent(Query query) {
        worker.stats().increment(Counter.DOWNSTREAM_TIMEOUTS);
        worker.rings().timeout(query, worker.nowNanos());
        CompiledChain<ResponseAction> chain = worker.snapshot().timeoutRules();
        if (!chain.isEmpty()) {
            query.lendKey(worker.nameKey());
            byte[] header = new byte[Header.LENGTH];
            Header.setId(header, query.id());
            Header.setFlags(header, query.flags() | Header.QR);
            query.setPacket(header, Header.LENGTH);
            rules(chain, query, null);
        }
        conclude(query, query.decided().restartRequested() ? restart(query) : WalkVerdict.DROP);
    }

    /** A rule has discarded the answer: the query takes the walk from the cache on once more, on the thread that has it now. */
    private WalkVerdict restart(Query query) {
        return query.restart(worker.question()) ? dispatch.apply(query) : WalkVerdict.DROP;
    }

    private void truncateForClient(Query query) {
        if (!query.origin().overUdp()) {
            return;
        }
        byte[] packet = query.packet();
        if (query.length() > query.payloadSize()
                || worker.snapshot().settings().on(Setting.TRUNCATE_TC) && Header.has(packet, Header.TC)) {
            truncate(query);
        }
    }

    private void truncate(Query query) {
        int length = worker.responseEditor().truncate(query.packet(), query.length());
        if (length < 0) {
            worker.stats().increment(Counter.TRUNC_FAILURES);
            return;
        }
        query.setLength(length);
    }

    /** @param rest what follows when an answer that a rule suspends is resumed; null where none can be */
    private WalkVerdict rules(
            CompiledChain<ResponseAction> chain, Query query, @Nullable Function<Query, WalkVerdict> rest) {
        for (int at = walk.first(chain, query); at >= 0; at = walk.next()) {
            Rule<ResponseAction> rule = chain.rule(at);
            rule.matches().increment(worker.stats());
            touched = true;
            query.decided().setActionParameter(null);
            ResponseResult result = rule.action().perform(query, worker);
            if (query.decided().suspension() != null) {
                if (rest != null) {
                    return suspend(query, rest);
                }
                worker.engine().suspensions().forget(query);
            }
            switch (result) {
                case DROP -> {
                    worker.stats().increment(Counter.RULE_DROP);
                    return WalkVerdict.DROP;
                }
                case ALLOW, HEADER_MODIFY -> {
                    return WalkVerdict.CONTINUE;
                }
                case SERVFAIL -> {
                    Header.setRcode(query.packet(), Rcode.SERVFAIL);
                    return WalkVerdict.CONTINUE;
                }
                case TRUNCATE -> {
                    if (query.origin().overUdp()) {
                        truncate(query);
                        return WalkVerdict.CONTINUE;
                    }
                }
                case DELAY -> {
                    if (query.decided().actionParameter() != null) {
                        query.decided()
                                .setDelayMillis(Numbers.parseOr(query.decided().actionParameter(), 0));
                    }
                }
                case NONE -> {}
            }
        }
        return WalkVerdict.CONTINUE;
    }

    /**
     * Makes the answer fit the client's own query again; false if it cannot be. What a backend has broken is passed on as it is, but where
     * something of ours must be taken out the records must be such that we know where they are.
     */
    private boolean fixUp(Query query) {
        byte[] packet = query.packet();
        restoreFlags(query);
        if (worker.snapshot().settings().on(Setting.FIXUP_CASE)) {
            ResponseEditor.restoreQname(
                    packet, query.length(), query.nameBytes(), query.nameOffset(), query.nameLength());
        }
        ClientSubnetEditor editor = worker.subnetEditor();
        zeroScope = query.found().ecsAdded() && editor.scope(packet, query.length()) == 0;
        int change = query.found().optAdded()
                ? ClientSubnetEditor.OPT_ADDED
                : query.found().ecsChange();
        if (change != ClientSubnetEditor.OPT_ADDED && change != ClientSubnetEditor.OPTION_ADDED) {
            return true;
        }
        int length = editor.undo(packet, query.length(), change);
        if (length < 0 || Ttls.scan(packet, length) < 0) {
            noncompliant(query);
            return false;
        }
        query.setLength(length);
        return true;
    }

    /** RD and CD go back as the client sent them, whatever rules sent to the backend (RFC 1035 4.1.1, RFC 4035 3.1.6). */
    private static void restoreFlags(Query query) {
        int kept = Header.RD | Header.CD;
        int flags = Header.flags(query.packet()) & ~kept | query.flags() & kept;
        Header.setFlags(query.packet(), flags);
    }

    // ---- cache

    WalkVerdict cacheHit(Query query) {
        worker.stats().increment(Counter.CACHE_HITS);
        truncateForClient(query); // payload ranks and other clients' OPT let longer answers into an entry
        WalkVerdict verdict = rules(worker.snapshot().cacheHitRules(), query, finish);
        if (verdict == WalkVerdict.PARK) {
            return verdict;
        }
        if (query.decided().restartRequested()) {
            return restart(query);
        }
        return verdict == WalkVerdict.CONTINUE ? finish(query) : verdict;
    }

    private void store(Query query, boolean overStream) {
        PacketCache cache = query.found().cache();
        if (cache == null || query.decided().skipCache() || !overStream && query.length() > MAX_CACHED_DATAGRAM) {
            return;
        }
        if (touched && !sameQuestion(query, query.packet(), query.length())) {
            return; // a rule made it the answer to another question
        }
        cached.store(query, cache, query.found().zeroScopeTried() && zeroScope);
        // Whatever came of it, also when the TTL is too short: so does dnsdist (2.2).
        rules(worker.snapshot().cacheInsertedRules(), query, null);
    }

    // ---- from ourselves

    /** The query is answered with nothing but its question and this code. */
    WalkVerdict selfAnswered(Query query, int rcode) {
        worker.answerBare(query, rcode);
        return selfAnswered(query);
    }

    /** The query's packet has become its answer by a rule or for want of a backend. */
    WalkVerdict selfAnswered(Query query) {
        query.found().setSelfAnswered();
        restoreFlags(query);
        worker.stats().increment(Counter.SELF_ANSWERED);
        WalkVerdict verdict = rules(worker.snapshot().selfAnsweredRules(), query, finish);
        if (verdict == WalkVerdict.PARK) {
            return verdict;
        }
        if (query.decided().restartRequested()) {
            return restart(query);
        }
        return verdict == WalkVerdict.CONTINUE ? finish(query) : verdict;
    }

    // ---- finish

    private WalkVerdict finish(Query query) {
        touches.last(query);
        return query.origin().frontend().muted() ? WalkVerdict.DROP : WalkVerdict.ANSWER;
    }
}
