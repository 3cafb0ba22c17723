package dev.weir.script.ffi;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.model.Engine;
import dev.weir.engine.pool.PoolModel;
import dev.weir.engine.ring.RingCursor;
import dev.weir.engine.ring.RingWriter;
import dev.weir.engine.stat.CustomMetric;
import dev.weir.engine.stat.Metric;
import dev.weir.engine.view.PrometheusNames;
import dev.weir.lua.LuaError;
import dev.weir.lua.ffi.CPointer;
import dev.weir.lua.ffi.FfiLibrary;
import dev.weir.lua.ffi.ForeignArguments;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Figures, rings and caches: {@code dnsdist_ffi_metric_...}, {@code ..._ring_...} and {@code ..._packetcache_...}. */
final class FfiStatistics extends FfiGroup {
    private static final double NANOS = 1e9;
    private static final int LONGEST_LATENCY = 0xffff;

    /** An entry of a ring, copied. */
    private record Seen(
            boolean response,
            double ageSeconds,
            Name name,
            int type,
            IpAddress client,
            String backend,
            int protocol,
            int size,
            long micros,
            int id,
            int flags,
            int answers) {}

    /** A list that a script holds: of texts, or of entries of rings. */
    private record Listed<T>(List<T> all) {
        T at(ForeignArguments arguments) {
            long index = arguments.integer(1);
            if (index < 0 || index >= all.size()) {
                throw new LuaError("there are " + all.size() + " entries, counted from 0");
            }
            return all.get((int) index);
        }
    }

    FfiStatistics(FfiLibrary library, FfiEnvironment environment) {
        super(library, environment);
        metrics();
        ringLists();
        ringEntries();
        caches();
    }

    // ---- metrics

    private void metrics() {
        add("metric_declare", at -> {
            String type = text(at, 2);
            if (!type.equals("counter") && !type.equals("gauge")) {
                return false;
            }
            try {
                environment
                        .engine()
                        .customMetrics()
                        .declare(
                                new CustomMetric.Spec(
                                        sizedText(at, 0),
                                        type.equals("counter") ? Metric.Type.COUNTER : Metric.Type.GAUGE,
                                        text(at, 3),
                                        text(at, 4),
                                        false),
                                PrometheusNames.all());
                return true;
            } catch (IllegalArgumentException refused) {
                return false;
            }
        });
        add("metric_inc", at -> counted(at, 1));
        add("metric_inc_by", at -> counted(at, at.integer(2)));
        add("metric_dec", at -> counted(at, -1));
        add("metric_set", at -> {
            metric(at).set(at.number(2), Map.of());
            return null;
        });
        add("metric_get", at -> metric(at).get().doubleValue());
    }

    private @Nullable Object counted(ForeignArguments at, long step) {
        metric(at).add(step, Map.of());
        return null;
    }

    private CustomMetric metric(ForeignArguments at) {
        String name = sizedText(at, 0);
        CustomMetric metric = environment.engine().customMetrics().find(name);
        if (metric == null) {
            throw new LuaError("there is no metric '" + name + "'");
        }
        return metric;
    }

    // ---- rings

    private void ringLists() {
        add("ring_get_entries", at -> entries(at, 0, client -> true));
        add("ring_get_entries_by_addr", at -> {
            IpAddress wanted;
            try {
                wanted = IpAddress.parse(text(at, 0));
            } catch (IllegalArgumentException noAddress) {
                at.storePointer(1, CPointer.NULL);
                return 0;
            }
            return entries(at, 1, wanted::equals);
        });
        add("ring_get_entries_by_mac", at -> {
            byte[] wanted = at.octets(0, 6);
            return entries(at, 1, client -> {
                byte[] known = environment.host().linkAddresses().of(client);
                return known != null && java.util.Arrays.equals(known, wanted);
            });
        });
        add("ring_entry_list_free", at -> null);
    }

    private int entries(ForeignArguments at, int outIndex, Predicate<IpAddress> wanted) {
        Engine engine = environment.engine();
        long now = System.nanoTime();
        List<Seen> all = new ArrayList<>();
        for (RingCursor cursor : List.of(
                engine.rings().queries().all(), engine.rings().responses().all())) {
            while (cursor.next()) {
                if (wanted.test(cursor.client().ip())) {
                    all.add(seen(cursor, now));
                }
            }
        }
        at.storePointer(outIndex, all.isEmpty() ? CPointer.NULL : CPointer.toObject(new Listed<>(all)));
        return all.size();
    }

    private static Seen seen(RingCursor cursor, long nowNanos) {
        var backend = cursor.backend();
        return new Seen(
                cursor.isResponse(),
                (nowNanos - cursor.nanos()) / NANOS,
                cursor.name(),
                cursor.type(),
                cursor.client().ip(),
                (backend == null ? RingWriter.NO_BACKEND : backend).toString(),
                cursor.protocol().ordinal(),
                cursor.size(),
                cursor.latencyMicros(),
                cursor.id(),
                cursor.flags(),
                cursor.isResponse() ? cursor.answers() : 0);
    }

    private void ringEntries() {
        add("ring_entry_is_response", at -> entry(at).response);
        add("ring_entry_get_age", at -> entry(at).ageSeconds);
        add("ring_entry_get_name", at -> string(entry(at).name.toString()));
        add("ring_entry_get_type", at -> entry(at).type);
        add("ring_entry_get_requestor", at -> string(entry(at).client.toString()));
        add("ring_entry_get_backend", at -> string(entry(at).response ? entry(at).backend : ""));
        add("ring_entry_get_protocol", at -> entry(at).protocol);
        add("ring_entry_get_size", at -> entry(at).size);
        add("ring_entry_get_latency", at -> Math.min(LONGEST_LATENCY, entry(at).micros));
        add("ring_entry_get_id", at -> entry(at).id);
        add("ring_entry_get_rcode", at -> entry(at).flags & Header.RCODE_MASK);
        add("ring_entry_get_aa", at -> (entry(at).flags & Header.AA) != 0);
        add("ring_entry_get_rd", at -> (entry(at).flags & Header.RD) != 0);
        add("ring_entry_get_tc", at -> (entry(at).flags & Header.TC) != 0);
        add("ring_entry_get_ancount", at -> entry(at).answers);
        // Rings don't remember these two.
        add("ring_entry_get_nscount", at -> 0);
        add("ring_entry_get_arcount", at -> 0);
        add("ring_entry_has_mac_address", at -> mac(at) != null);
        add("ring_entry_get_mac_address", at -> {
            byte[] known = mac(at);
            return known == null ? null : CPointer.toCopy(known);
        });
    }

    private byte @Nullable [] mac(ForeignArguments at) {
        return environment.host().linkAddresses().of(entry(at).client);
    }

    private static Seen entry(ForeignArguments at) {
        return (Seen) target(at, 0, Listed.class).at(at);
    }

    // ---- caches

    private void caches() {
        add("packetcache_get_domain_list_by_addr", at -> {
            PacketCache cache = cache(at);
            List<String> names = new ArrayList<>();
            try {
                byte[] address = IpAddress.parse(text(at, 1)).octets();
                if (cache != null) {
                    cache.domainsByAddress(address).forEach(name -> names.add(name.toString()));
                }
            } catch (IllegalArgumentException noAddress) {
                names.clear();
            }
            return listed(at, names);
        });
        add("packetcache_get_address_list_by_domain", at -> {
            PacketCache cache = cache(at);
            List<String> addresses = new ArrayList<>();
            try {
                Name domain = Name.parse(text(at, 1));
                if (cache != null) {
                    cache.addressesByDomain(domain)
                            .forEach(
                                    octets -> addresses.add(IpAddress.of(octets).toString()));
                }
            } catch (IllegalArgumentException noName) {
                addresses.clear();
            }
            return listed(at, addresses);
        });
        add("domain_list_get", at -> string((String) target(at, 0, Listed.class).at(at)));
        add(
                "address_list_get",
                at -> string((String) target(at, 0, Listed.class).at(at)));
        add("domain_list_free", at -> null);
        add("address_list_free", at -> null);
    }

    private @Nullable PacketCache cache(ForeignArguments at) {
        PoolModel pool = environment.model().findPool(text(at, 0));
        return pool == null ? null : pool.cache();
    }

    private static int listed(ForeignArguments at, List<String> texts) {
        at.storePointer(2, texts.isEmpty() ? CPointer.NULL : CPointer.toObject(new Listed<>(texts)));
        return texts.size();
    }
}
