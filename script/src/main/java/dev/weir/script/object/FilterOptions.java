package dev.weir.script.object;

import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.FilterSpec.Table;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.Options;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@code newBPFFilter}, in the three forms that dnsdist has had: three numbers (before 1.7), three tables and perhaps
 * {@code true} for an external filter (1.7), one table of options (since 1.8).
 */
public final class FilterOptions {
    private static final int OLD_ANY_TYPE = 255;
    private static final List<Kind> THREE = List.of(Kind.IPV4, Kind.IPV6, Kind.QNAMES);

    private final Map<Kind, Table> tables = new EnumMap<>(Kind.class);

    private FilterOptions() {}

    /** Reads them; misspelt options are complained of. */
    public static FilterSpec read(Args args, Context context) {
        FilterOptions options = new FilterOptions();
        return args.count() <= 1 && args.at(1) instanceof LuaTable table
                ? options.named(args, new Options(args, table, context))
                : options.positional(args, context);
    }

    private FilterSpec positional(Args args, Context context) {
        for (int i = 0; i < THREE.size(); i++) {
            tables.put(THREE.get(i), table(args, i + 1, context));
        }
        boolean external = args.boolOr(4, "external", false);
        own(null);
        return new FilterSpec(tables, external, false, FilterSpec.ANY_TYPE);
    }

    private static Table table(Args args, int index, Context context) {
        @Nullable Object value = args.at(index);
        if (value instanceof LuaTable parameters) {
            Options options = new Options(args, parameters, context);
            Table table = new Table(options.integer("maxItems", 0), options.string("pinnedPath", ""));
            options.done();
            return table;
        }
        if (!(LuaNumber.coerce(value) != null)) {
            args.fail("argument " + index, "a number or a table", value);
        }
        return new Table((int) args.integer(index, "maxItems", 0, Integer.MAX_VALUE), "");
    }

    private FilterSpec named(Args args, Options options) {
        read(options, Kind.IPV4, "ipv4MaxItems", "ipv4PinnedPath");
        read(options, Kind.IPV6, "ipv6MaxItems", "ipv6PinnedPath");
        read(options, Kind.CIDR4, "cidr4MaxItems", "cidr4PinnedPath");
        read(options, Kind.CIDR6, "cidr6MaxItems", "cidr6PinnedPath");
        read(options, Kind.QNAMES, "qnamesMaxItems", "qnamesPinnedPath");
        boolean external = options.bool("external", false);
        boolean optional = options.bool("optional", false);
        int anyType = options.integer("qtypeAny", FilterSpec.ANY_TYPE, 0, FilterSpec.ANY_TYPE);
        if (anyType != FilterSpec.ANY_TYPE && anyType != OLD_ANY_TYPE) {
            throw args.error("'qtypeAny' must be 65535 or 255");
        }
        own(options);
        options.done();
        return new FilterSpec(tables, external, optional, anyType);
    }

    private void read(Options options, Kind kind, String room, String pin) {
        tables.put(kind, new Table(options.integer(room, 0), options.string(pin, "")));
    }

    /** Weir's own tables are as large as those beside them, and pinned beside them, unless options say otherwise. */
    private void own(@org.jspecify.annotations.Nullable Options options) {
        String directory = FilterSpec.pinDirectory(tables);
        String pin = directory.isEmpty() ? "" : directory + "/weir-suffixes";
        int suffixes = room(Kind.QNAMES);
        int rates4 = room(Kind.CIDR4) > 0 ? room(Kind.CIDR4) : room(Kind.IPV4);
        int rates6 = room(Kind.CIDR6) > 0 ? room(Kind.CIDR6) : room(Kind.IPV6);
        if (options != null) {
            suffixes = options.integer("suffixesMaxItems", suffixes);
            pin = options.string("suffixesPinnedPath", pin);
            rates4 = options.integer("ratesMaxItems", rates4);
            rates6 = options.integer("ratesMaxItems", rates6);
        }
        tables.put(Kind.SUFFIXES, new Table(suffixes, pin));
        tables.put(Kind.RATES4, new Table(rates4, directory.isEmpty() ? "" : directory + "/weir-rates4"));
        tables.put(Kind.RATES6, new Table(rates6, directory.isEmpty() ? "" : directory + "/weir-rates6"));
    }

    private int room(Kind kind) {
        Table table = tables.get(kind);
        return table == null ? 0 : table.maxItems();
    }
}
