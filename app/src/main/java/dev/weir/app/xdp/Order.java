package dev.weir.app.xdp;

import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFilter.Term;
import dev.weir.engine.kernel.KernelFilter.Whose;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.wire.RecordType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is to be in a table: an entry as the words of a command describe it. */
sealed interface Order {
    /** Returns what it is about, as people write it. */
    String subject();

    Kind kind();

    /** Writes the entry. */
    void carryOut(KernelFilter filter) throws KernelException;

    /** Takes the entry out. */
    void undo(KernelFilter filter, Whose whose) throws KernelException;

    /** Returns what there will be, for people. */
    String text();

    /** Returns the same for programs; what the entry does not have is null. */
    Map<String, @Nullable Object> json();

    /**
     * An address, a range, a name or a suffix.
     *
     * @param suffix whether a name is meant with everything below it
     * @param type of names; {@link FilterSpec#ANY_TYPE} for all
     * @param lastsNanos from the time at which it is carried out; {@link KernelFilter#FOREVER} if it has no end
     * @param reason empty for none; names have none
     */
    record Block(Subject about, boolean suffix, int type, MatchAction action, long lastsNanos, String reason)
            implements Order {
        @Override
        public String subject() {
            return about.text();
        }

        @Override
        public Kind kind() {
            return switch (about) {
                case Subject.Address(var address, var text) -> address.isV4() ? Kind.IPV4 : Kind.IPV6;
                case Subject.Range(var range, var text) -> range.ip().isV4() ? Kind.CIDR4 : Kind.CIDR6;
                case Subject.Domain(var name, var text) -> suffix ? Kind.SUFFIXES : Kind.QNAMES;
            };
        }

        private boolean isEndless() {
            return lastsNanos == KernelFilter.FOREVER;
        }

        @Override
        public void carryOut(KernelFilter filter) throws KernelException {
            long end = isEndless() ? KernelFilter.FOREVER : System.nanoTime() + lastsNanos;
            Term term = new Term(action, end, reason);
            switch (about) {
                case Subject.Address(var address, var text) -> filter.block(address, term);
                case Subject.Range(var range, var text) -> filter.addRange(range, term);
                case Subject.Domain(var name, var text) -> {
                    if (suffix) {
                        filter.blockSuffix(name, type, term);
                    } else {
                        filter.blockName(name, type, action);
                    }
                }
            }
        }

        @Override
        public void undo(KernelFilter filter, Whose whose) throws KernelException {
            switch (about) {
                case Subject.Address(var address, var text) -> filter.lift(address, whose);
                case Subject.Range(var range, var text) -> filter.lift(range, whose);
                case Subject.Domain(var name, var text) -> {
                    if (suffix) {
                        filter.lift(name, type, whose);
                    } else {
                        filter.unblockName(name, type);
                    }
                }
            }
        }

        @Override
        public String text() {
            return EntryRow.lower(action) + (isEndless() ? "" : ", for " + TimeSpan.text(lastsNanos));
        }

        @Override
        public Map<String, @Nullable Object> json() {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("kind", EntryRow.kind(kind()));
            row.put("subject", about.entryText());
            row.put("type", about instanceof Subject.Domain ? EntryRow.type(type) : null);
            row.put("action", EntryRow.lower(action));
            row.put("ends_in_seconds", isEndless() ? null : TimeUnit.NANOSECONDS.toSeconds(lastsNanos));
            row.put("rate", null);
            row.put("burst", null);
            row.put("slip", null);
            row.put("per", null);
            return row;
        }
    }

    /** A rate limit. */
    record Limit(Netmask range, KernelFilter.Limit limit) implements Order {
        @Override
        public String subject() {
            return range.toString();
        }

        @Override
        public Kind kind() {
            return range.ip().isV4() ? Kind.RATES4 : Kind.RATES6;
        }

        @Override
        public void carryOut(KernelFilter filter) throws KernelException {
            filter.rateLimit(range, limit);
        }

        @Override
        public void undo(KernelFilter filter, Whose whose) throws KernelException {
            filter.removeRateLimit(range);
        }

        @Override
        public String text() {
            return limit.queriesPerSecond() + " queries/s" + (limit.per() == 0 ? "" : " for each /" + limit.per())
                    + ", burst " + limit.burst() + (limit.slip() == 0 ? "" : ", slip " + limit.slip());
        }

        @Override
        public Map<String, @Nullable Object> json() {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("kind", EntryRow.kind(kind()));
            row.put("subject", subject());
            row.put("type", null);
            row.put("action", EntryRow.lower(limit.slip() > 0 ? MatchAction.TRUNCATE : MatchAction.DROP));
            row.put("ends_in_seconds", null);
            row.put("rate", limit.queriesPerSecond());
            row.put("burst", limit.burst());
            row.put("slip", limit.slip());
            row.put("per", limit.per() == 0 ? null : limit.per());
            return row;
        }
    }

    /** Reads the words of {@code block}. */
    static Block block(Words words) throws NotUnderstoodException {
        return checked(subject(words), words.has(Option.SUFFIX), type(words), words);
    }

    private static Block checked(Subject subject, boolean suffix, int type, Words words) throws NotUnderstoodException {
        MatchAction action = action(words);
        long lasts = TimeSpan.parse(Option.FOR.toString(), words.value(Option.FOR));
        if (action != MatchAction.PASS && subject.isEverything(suffix) && !words.has(Option.EVERYTHING)) {
            throw new NotUnderstoodException("'" + subject.text() + "' is everything: say --everything if it is meant");
        }
        if (lasts != KernelFilter.FOREVER && subject instanceof Subject.Domain && !suffix) {
            throw new NotUnderstoodException("entries of single names have no end: say --suffix, or no --for");
        }
        String reason = words.value(Option.REASON);
        if (reason != null && subject instanceof Subject.Domain && !suffix) {
            throw new NotUnderstoodException("entries of single names have no reason: say --suffix, or no --reason");
        }
        return new Block(subject, suffix, type, action, lasts, reason == null ? "" : reason);
    }

    /** Returns the order for a bare subject: options of {@code load} apply where they can. A null subject is read as one that suits them. */
    static Block plain(Words words, @Nullable String text) throws NotUnderstoodException {
        boolean named = words.has(Option.SUFFIX) || words.has(Option.TYPE);
        Subject subject = Subject.parse(text == null ? named ? "example." : "192.0.2.1" : text);
        boolean domain = subject instanceof Subject.Domain;
        return checked(subject, domain && words.has(Option.SUFFIX), domain ? type(words) : FilterSpec.ANY_TYPE, words);
    }

    /** Reads the words of {@code unblock}. */
    static Block unblock(Words words) throws NotUnderstoodException {
        return new Block(
                subject(words), words.has(Option.SUFFIX), type(words), MatchAction.DROP, KernelFilter.FOREVER, "");
    }

    /** Reads the words of {@code limit}. */
    static Limit limit(Words words) throws NotUnderstoodException {
        Netmask range = Subject.range(words.operands().getFirst());
        int rate = Words.number("a rate", words.operands().get(1), 1);
        return new Limit(
                range,
                new KernelFilter.Limit(
                        rate, words.number(Option.BURST, 1, rate), words.number(Option.SLIP, 0, 0), per(range, words)));
    }

    private static int per(Netmask range, Words words) throws NotUnderstoodException {
        String text = words.value(Option.PER);
        if (text == null) {
            return 0;
        }
        int bits = Words.number(Option.PER.toString(), text.startsWith("/") ? text.substring(1) : text, 1);
        if (bits <= range.prefix() || bits > range.ip().bits()) {
            throw new NotUnderstoodException("--per divides " + range + " into networks of more bits: from /"
                    + (range.prefix() + 1) + " to /" + range.ip().bits() + ", not '" + text + "'");
        }
        return bits;
    }

    /** Reads the words of {@code unlimit}. */
    static Limit unlimit(Words words) throws NotUnderstoodException {
        return new Limit(Subject.range(words.operands().getFirst()), new KernelFilter.Limit(1, 1, 0, 0));
    }

    private static Subject subject(Words words) throws NotUnderstoodException {
        Subject subject = Subject.parse(words.operands().getFirst());
        if (!(subject instanceof Subject.Domain) && (words.has(Option.SUFFIX) || words.has(Option.TYPE))) {
            throw new NotUnderstoodException("--suffix and --type are for names, " + subject.text() + " is none");
        }
        return subject;
    }

    private static MatchAction action(Words words) throws NotUnderstoodException {
        String text = words.value(Option.ACTION);
        if (text == null) {
            return MatchAction.DROP;
        }
        return Arrays.stream(MatchAction.values())
                .filter(action -> EntryRow.lower(action).equals(text))
                .findFirst()
                .orElseThrow(() -> new NotUnderstoodException("--action is "
                        + Arrays.stream(MatchAction.values())
                                .map(EntryRow::lower)
                                .collect(Collectors.joining(", "))
                        + ", not '" + text + "'"));
    }

    private static int type(Words words) throws NotUnderstoodException {
        String text = words.value(Option.TYPE);
        if (text == null) {
            return FilterSpec.ANY_TYPE;
        }
        int type = RecordType.parse(text);
        if (type < 0) {
            throw new NotUnderstoodException("'" + text + "' is not a record type");
        }
        return type;
    }
}
