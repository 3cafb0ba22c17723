package dev.weir.script.function;

import dev.weir.engine.acl.AddressCipher;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.log.FileTrouble;
import dev.weir.engine.rate.TokenBucket;
import dev.weir.engine.rule.NameSet;
import dev.weir.engine.rule.SuffixSet;
import dev.weir.lua.LuaString;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.object.Context;
import dev.weir.script.object.ObjectTypes;
import dev.weir.wire.Name;
import dev.weir.wire.Names;
import java.io.IOException;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions that make a value: addresses, names, sets, and what the machine knows of networks. */
public final class ValueFunctions implements Area {
    private final Context context;
    private final ObjectTypes objects;

    public ValueFunctions(Context context) {
        this.context = context;
        this.objects = context.objects;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "newCA",
                "newCAFromRaw",
                "newDNSName",
                "newDNSNameFromRaw",
                "newDNSNameSet",
                "newNetmask",
                "newNMG",
                "newQPSLimiter",
                "newSuffixMatchNode",
                "newSVCRecordParameters",
                "getCurrentTime",
                "getListOfAddressesOfNetworkInterface",
                "getListOfNetworkInterfaces",
                "getListOfRangesOfNetworkInterface",
                "getMACAddress",
                "getResolvers",
                "makeIPCipherKey");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        return switch (function) {
            case "newCA" -> objects.address.wrap(Endpoint.parse(args.string(1, "address"), 0));
            case "newCAFromRaw" ->
                objects.address.wrap(new Endpoint(
                        IpAddress.of(args.octets(1, "rawaddress")),
                        args.has(2) ? (int) args.integer(2, "port", 0, 0xffff) : 0));
            case "newDNSName" -> objects.name.wrap(Name.parse(args.string(1, "name")));
            case "newDNSNameFromRaw" -> objects.name.wrap(fromWire(args));
            case "newDNSNameSet" -> objects.nameSet.wrap(new NameSet());
            case "newNetmask" -> objects.netmask.wrap(netmask(args));
            case "newNMG" ->
                objects.netmaskGroup.wrap(
                        args.has(1) ? NetmaskGroup.parse(args.strings(1, "masks")) : new NetmaskGroup());
            case "newQPSLimiter" ->
                objects.limiter.wrap(new TokenBucket(
                        args.integer(1, "rate", 0, Integer.MAX_VALUE),
                        args.integer(2, "burst", 0, Integer.MAX_VALUE),
                        System.nanoTime()));
            case "newSuffixMatchNode" -> objects.suffixes.wrap(new SuffixSet());
            case "newSVCRecordParameters" -> objects.serviceBinding.wrap(ServiceFunctions.binding(args, context));
            case "getCurrentTime" -> objects.time.wrap(Instant.now());
            case "makeIPCipherKey" -> LuaString.of(AddressCipher.key(args.octets(1, "password")));
            default -> network(function, args);
        };
    }

    private @Nullable Object network(String function, Args args) {
        return switch (function) {
            case "getListOfNetworkInterfaces" -> ObjectTypes.texts(interfaces());
            case "getListOfAddressesOfNetworkInterface" -> ObjectTypes.texts(addresses(args.string(1, "itf"), false));
            case "getListOfRangesOfNetworkInterface" -> ObjectTypes.texts(addresses(args.string(1, "itf"), true));
            case "getMACAddress" -> objects.hardwareAddress(IpAddress.parse(args.string(1, "ip")));
            case "getResolvers" -> ObjectTypes.texts(resolvers(args));
            default -> throw Area.unknown(function);
        };
    }

    private static Name fromWire(Args args) {
        byte[] wire = args.octets(1, "wire");
        int end = Names.endOfPlain(wire, wire.length, 0);
        if (end < 0) {
            throw args.error("'wire' is not an uncompressed name");
        }
        return Name.ofWire(wire, 0, end);
    }

    private static Netmask netmask(Args args) {
        Endpoint address = Args.objectOrNull(args.at(1), Endpoint.class);
        return address == null
                ? Netmask.parse(args.string(1, "str"))
                : Netmask.of(address.ip(), (int)
                        args.integer(2, "bits", 0, address.ip().bits()));
    }

    private static List<String> interfaces() {
        try {
            return NetworkInterface.networkInterfaces()
                    .map(NetworkInterface::getName)
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    private static List<String> addresses(String name, boolean ranges) {
        List<String> found = new ArrayList<>();
        try {
            NetworkInterface itf = NetworkInterface.getByName(name);
            if (itf != null) {
                for (InterfaceAddress address : itf.getInterfaceAddresses()) {
                    IpAddress ip = IpAddress.of(address.getAddress().getAddress());
                    found.add(
                            ranges
                                    ? Netmask.of(ip, address.getNetworkPrefixLength())
                                            .toString()
                                    : ip.toString());
                }
            }
        } catch (SocketException e) {
            return List.of();
        }
        return found;
    }

    /** The {@code nameserver} lines of a resolv.conf(5). */
    private static List<String> resolvers(Args args) {
        Path path = Path.of(args.string(1, "path"));
        List<String> found = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(path)) {
                String[] fields = line.strip().split("[ \t]+", -1);
                if (fields.length > 1 && fields[0].equals("nameserver")) {
                    found.add(fields[1]);
                }
            }
        } catch (IOException e) {
            throw args.error("can't read '" + path + "': " + FileTrouble.of(e));
        }
        return found;
    }
}
