package dev.weir.script.function;

import dev.weir.engine.acl.IpAddress;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Options;
import dev.weir.script.object.Context;
import dev.weir.script.object.NameType;
import dev.weir.wire.ServiceBinding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Service bindings as configurations write them ({@code newSVCRecordParameters}). */
final class ServiceFunctions {
    private static final int U16 = 0xffff;

    private ServiceFunctions() {}

    /** Priority, target and a table of parameters. */
    static ServiceBinding binding(Args args, Context context) {
        ServiceBinding.Builder binding =
                ServiceBinding.to((int) args.integer(1, "priority", 0, U16), NameType.name(args, 2, "target"));
        LuaTable table = args.has(3) ? args.table(3, "SVCParams") : new LuaTable();
        Options options = new Options(args, table, context);
        options.strings("mandatory", List.of()).forEach(key -> binding.mandatory(ServiceBinding.key(key)));
        options.strings("alpn", List.of())
                .forEach(protocol -> binding.alpn(protocol.getBytes(StandardCharsets.ISO_8859_1)));
        if (options.bool("noDefaultAlpn", false)) {
            binding.noDefaultAlpn();
        }
        if (options.has("port")) {
            binding.port(options.integer("port", 0, 0, U16));
        }
        hints(options, "ipv4hint", 4).forEach(binding::hint);
        hints(options, "ipv6hint", 6).forEach(binding::hint);
        byte[] ech = raw(args, "ech", options.value("ech"));
        if (ech != null) {
            binding.ech(ech);
        }
        for (FromLua.Entry entry : FromLua.entries(table)) {
            if (entry.name().startsWith("key")) {
                byte[] value = raw(args, entry.name(), options.value(entry.name()));
                binding.parameter(ServiceBinding.key(entry.name()), value == null ? new byte[0] : value);
            }
        }
        options.done();
        return binding.build();
    }

    private static List<byte[]> hints(Options options, String key, int family) {
        List<byte[]> octets = new ArrayList<>();
        for (String text : options.strings(key, List.of())) {
            IpAddress address = IpAddress.parse(text);
            if (address.family() != family) {
                throw new IllegalArgumentException("option '" + key + "': " + text + " is of the other family");
            }
            octets.add(address.octets());
        }
        return octets;
    }

    private static byte @Nullable [] raw(Args args, String key, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        LuaString octets = FromLua.string(value);
        return octets != null ? octets.toByteArray() : args.fail(key, "a string", value);
    }

    /** A list of them, or one. */
    static List<ServiceBinding> bindings(Args args) {
        List<ServiceBinding> all = new ArrayList<>();
        for (@Nullable Object value : Args.oneOrMore(args.at(1))) {
            ServiceBinding binding = Args.objectOrNull(value, ServiceBinding.class);
            all.add(binding != null ? binding : args.fail("svcParams", "a list of SVCRecordParameters", value));
        }
        return List.copyOf(all);
    }
}
