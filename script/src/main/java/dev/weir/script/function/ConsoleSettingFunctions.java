package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.config.Configuration;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.listing.AclListing;
import dev.weir.script.object.Context;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the console listens, who may use it, with which key. */
public final class ConsoleSettingFunctions implements Area {
    private static final int CONSOLE_PORT = 5199;
    private static final int KEY_OCTETS = 32;

    private final Context context;

    public ConsoleSettingFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "addConsoleACL",
                "controlSocket",
                "makeKey",
                "setConsoleACL",
                "setConsoleBindFatal",
                "setConsoleConnectionsLogging",
                "setConsoleOutputMaxMsgSize",
                "setKey",
                "showConsoleACL",
                "testCrypto");
    }

    @Override
    public List<String> configurationOnly() {
        return List.of("setConsoleMaximumConcurrentConnections");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        Configuration configuration = context.configuration;
        switch (function) {
            case "controlSocket" ->
                configuration.consoleAddress = Endpoint.parse(args.string(1, "address"), CONSOLE_PORT);
            case "setConsoleACL" -> configuration.consoleAcl = NetmaskGroup.parse(args.strings(1, "netmasks"));
            case "addConsoleACL" -> {
                NetmaskGroup changed = new NetmaskGroup();
                changed.addAll(configuration.consoleAcl);
                changed.add(Netmask.parse(args.string(1, "netmask")));
                configuration.consoleAcl = changed;
            }
            case "setConsoleBindFatal" -> configuration.consoleBindFatal = args.bool(1, "enable");
            case "setConsoleConnectionsLogging" -> configuration.consoleConnectionsLogging = args.bool(1, "enabled");
            case "setConsoleMaximumConcurrentConnections" ->
                configuration.consoleMaximumConcurrentConnections = (int) args.integer(1, "max", 0, Integer.MAX_VALUE);
            case "setConsoleOutputMaxMsgSize" ->
                configuration.consoleOutputMaxMessageSize = (int) args.integer(1, "size", 0, Integer.MAX_VALUE);
            case "setKey" -> configuration.consoleKey = key(args.string(1, "key"));
            case "makeKey" -> context.print("setKey(\"" + newKey() + "\")");
            case "showConsoleACL" -> context.append(AclListing.show(configuration.consoleAcl));
            case "testCrypto" -> context.print(testCrypto());
            default -> throw Area.unknown(function);
        }
        return NONE;
    }

    /** A key that can't be one is no reason to stop: the console stays closed. */
    private byte @Nullable [] key(String text) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            context.complain("setKey", "the key is not base64, the console stays closed");
            return null;
        }
        if (key.length != KEY_OCTETS) {
            context.complain("setKey", "the key has " + key.length + " octets, not 32: the console stays closed");
            return null;
        }
        return key;
    }

    private static String newKey() {
        byte[] key = new byte[KEY_OCTETS];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private String testCrypto() {
        byte[] key = context.configuration.consoleKey;
        return context.host.cryptoWorks(key == null ? new byte[KEY_OCTETS] : key.clone())
                ? "Everything is ok!"
                : "Crypto failed..";
    }
}
