package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.log.FileTrouble;
import dev.weir.engine.ring.NameTree;
import dev.weir.engine.ring.RingCursor;
import dev.weir.engine.ring.RingReport;
import dev.weir.engine.ring.RingSpec;
import dev.weir.engine.ring.Rings;
import dev.weir.engine.view.RingEntryView;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.Options;
import dev.weir.script.lang.ToLua;
import dev.weir.script.listing.LatencyListing;
import dev.weir.script.listing.RingListing;
import dev.weir.script.listing.TopListing;
import dev.weir.script.object.Context;
import dev.weir.wire.Rcode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The latest queries and responses: how many are kept, and all that looks at them. */
public final class RingFunctions implements Area {
    private static final int TOP = 10;
    private static final int SLOW_MILLIS = 500;

    private final Context context;
    private final Rings rings;
    private final RingReport report;

    public RingFunctions(Context context) {
        this.context = context;
        this.rings = context.model.engine().rings();
        this.report = new RingReport(rings);
    }

    @Override
    public List<String> functions() {
        return List.of(
                "getResponseRing",
                "getRespRing",
                "getRingBuffersSamplingRate",
                "getRingEntries",
                "getSlowResponses",
                "getTopBandwidth",
                "getTopQueries",
                "getTopResponses",
                "grepq",
                "showResponseLatency",
                "statNodeRespRing",
                "topBandwidth",
                "topClients",
                "topQueries",
                "topResponses",
                "topSlow",
                "topTimeouts");
    }

    @Override
    public List<String> configurationOnly() {
        return List.of("setRingBuffersLockRetries", "setRingBuffersOptions", "setRingBuffersSize");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        if (function.startsWith("set")) {
            configure(function, args);
            return NONE;
        }
        return switch (function) {
            case "getRingBuffersSamplingRate" ->
                ToLua.of(context.model.ringSpec().samplingRate());
            case "getResponseRing" -> responses();
            case "getRespRing" -> shortResponses();
            case "getRingEntries" -> entries();
            case "getSlowResponses", "getTopBandwidth", "getTopQueries", "getTopResponses" ->
                table(rows(function, args));
            default -> {
                show(function, args);
                yield NONE;
            }
        };
    }

    private void show(String function, Args args) {
        switch (function) {
            case "grepq" -> grep(args);
            case "showResponseLatency" -> context.append(LatencyListing.show(report.latency()));
            case "statNodeRespRing" -> visit(args.function(1, "visitor"), args.integerOr(2, "seconds", 0));
            case "topClients" -> context.append(TopListing.showClients(report.clients(most(args, TOP))));
            default -> context.append(TopListing.show(rows(function, args)));
        }
    }

    // ---- what is kept

    private void configure(String function, Args args) {
        RingSpec spec = context.model.ringSpec();
        switch (function) {
            // Our rings have neither locks nor shards: both numbers are taken for old configurations' sake.
            case "setRingBuffersLockRetries" -> args.integer(1, "num", 0, Integer.MAX_VALUE);
            case "setRingBuffersSize" -> {
                int entries = (int) args.integer(1, "num", 0, RingSpec.MAX_ENTRIES);
                if (args.has(2)) {
                    args.integer(2, "numberOfShards", 0, Integer.MAX_VALUE);
                }
                context.model.configureRings(spec.withEntries(entries));
            }
            case "setRingBuffersOptions" -> {
                Options options = args.options(1, context);
                options.integer("lockRetries", 5);
                int rate = options.integer("samplingRate", spec.samplingRate());
                boolean queries = options.bool("recordQueries", spec.recordQueries());
                boolean responses = options.bool("recordResponses", spec.recordResponses());
                options.done();
                context.model.configureRings(spec.withSamplingRate(rate).recording(queries, responses));
            }
            default -> throw Area.unknown(function);
        }
    }

    // ---- the most frequent

    private List<RingReport.Row> rows(String function, Args args) {
        boolean table = function.startsWith("get");
        int most = table ? most((int) args.integer(1, "top", Integer.MIN_VALUE, Integer.MAX_VALUE)) : most(args, TOP);
        return switch (function) {
            case "topQueries", "getTopQueries" -> report.queries(most, labels(args, 2));
            case "topResponses", "getTopResponses" -> {
                int rcode = table ? args.integer(2, "rcode") : args.integerOr(2, "rcode", Rcode.NOERROR);
                yield report.responses(most, rcode, labels(args, 3));
            }
            case "topBandwidth", "getTopBandwidth" -> report.bandwidth(most);
            case "topSlow" -> report.slow(most, args.integerOr(2, "limit", SLOW_MILLIS), labels(args, 3));
            case "topTimeouts" -> report.timeouts(most, labels(args, 2));
            case "getSlowResponses" -> {
                int millis = args.integer(2, "msec");
                yield args.boolOr(4, "timeouts", false)
                        ? report.timeouts(most, labels(args, 3))
                        : report.slow(most, millis, labels(args, 3));
            }
            default -> throw Area.unknown(function);
        };
    }

    private static int most(Args args, int otherwise) {
        return most(args.integerOr(1, "num", otherwise));
    }

    /** Negative numbers are all, as for dnsdist, whose numbers have no sign there. */
    private static int most(int number) {
        return number < 0 ? Integer.MAX_VALUE : number;
    }

    private static int labels(Args args, int index) {
        return args.has(index) ? (int) args.integer(index, "labels", 0, 127) : RingReport.ALL_LABELS;
    }

    private static LuaTable table(List<RingReport.Row> rows) {
        LuaTable table = new LuaTable();
        for (RingReport.Row row : rows) {
            table.put(table.length() + 1, LuaTable.ofList(new Object[] {
                ToLua.of(row.key()), ToLua.of((double) row.count()), ToLua.of(row.percent())
            }));
        }
        return table;
    }

    // ---- entries

    private LuaTable responses() {
        List<@Nullable Object> all = new ArrayList<>();
        for (RingCursor response = rings.responses().all(); response.next(); ) {
            LuaTable entry = new LuaTable();
            entry.put("name", ToLua.of(response.name().toString()));
            entry.put("qtype", ToLua.of(response.type()));
            entry.put("rcode", ToLua.of(response.rcode()));
            entry.put("usec", ToLua.of((double) response.latencyMicros()));
            all.add(entry);
        }
        return list(all);
    }

    private LuaTable shortResponses() {
        List<@Nullable Object> all = new ArrayList<>();
        for (RingCursor response = rings.responses().all(); response.next(); ) {
            LuaTable entry = new LuaTable();
            entry.put("qname", ToLua.of(response.name().toString()));
            entry.put("rcode", ToLua.of(Integer.toString(response.rcode())));
            all.add(entry);
        }
        return list(all);
    }

    /** Queries and responses in the order of time. */
    private LuaTable entries() {
        Instant now = Instant.now();
        long nowNanos = System.nanoTime();
        List<RingEntryView> all = new ArrayList<>();
        for (RingCursor cursor :
                List.of(rings.queries().all(), rings.responses().all())) {
            while (cursor.next()) {
                all.add(RingEntryView.of(cursor, now, nowNanos));
            }
        }
        all.sort(Comparator.comparing(RingEntryView::when));
        return LuaTable.ofList(all.stream().map(context.objects.ringEntry::wrap).toArray(Object[]::new));
    }

    private static LuaTable list(List<@Nullable Object> values) {
        return LuaTable.ofList(values.toArray(Object[]::new));
    }

    private void visit(LuaFunction visitor, int seconds) {
        RingCursor responses = rings.responses();
        NameTree tree = new NameTree();
        tree.addAll(seconds <= 0 ? responses.all() : responses.since(System.nanoTime() - seconds * 1_000_000_000L));
        tree.visit((node, self, subtree) -> visitor.call(
                context.objects.statNode.wrap(node),
                context.objects.statNodeStats.wrap(self),
                context.objects.statNodeStats.wrap(subtree)));
    }

    // ---- grepq

    private void grep(Args args) {
        List<String> selectors = args.strings(1, "selector");
        int most = Math.max(0, args.integerOr(2, "num", 0));
        Options options = args.options(3, context);
        String file = options.string("outputFile", "");
        options.done();
        RingListing.Selection selection;
        try {
            selection = RingListing.Selection.parse(selectors);
        } catch (IllegalArgumentException e) {
            context.print(String.valueOf(e.getMessage()));
            return;
        }
        String text = RingListing.show(rings, selection, most, System.nanoTime());
        if (file.isEmpty()) {
            context.append(text);
        } else {
            write(Path.of(file), text);
        }
    }

    /** A new file that only we may read: names that people ask for are their own business. */
    private static void write(Path file, String text) {
        try (var channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            var octets = StandardCharsets.UTF_8.encode(text);
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
        } catch (FileAlreadyExistsException e) {
            throw new IllegalArgumentException("file '" + file + "' exists", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot write '" + file + "': " + FileTrouble.of(e), e);
        }
    }
}
