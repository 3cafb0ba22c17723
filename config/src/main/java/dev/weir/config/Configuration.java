package dev.weir.config;

import dev.weir.config.web.WebAddress;
import dev.weir.config.web.WebHandler;
import dev.weir.config.web.WebSpec;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.export.CarbonSpec;
import dev.weir.engine.listen.FastOpenKey;
import dev.weir.engine.listen.HttpResponseRule;
import dev.weir.engine.listen.ListenSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration file says beside what the {@link dev.weir.engine.model.Model} holds: where to listen, the console, the log, the process.
 * The fields start as dnsdist's defaults and carry the names of the Lua functions that set them. Written under the Lua lock; fields that may
 * change while running are volatile, the others are read after loading.
 */
public final class Configuration {
    // ---- where to listen

    /** Frontends for plain DNS, in the order of the file; empty means that the file named none. */
    public final List<ListenSpec> listeners = new ArrayList<>();

    /** File and line that asked for a listener, by its address, for messages. */
    public final Map<String, String> listenerPlaces = new HashMap<>();

    /** {@code setResponsesMap} before anything listens, by the protocol and address of the listener. */
    public final Map<String, List<HttpResponseRule>> httpResponses = new HashMap<>();

    // ---- the console

    /** {@code controlSocket}; {@code null}: no console. */
    public @Nullable Endpoint consoleAddress;

    /** The 32 octets of {@code setKey}; {@code null}: none, and every connection is closed. */
    public volatile byte @Nullable [] consoleKey;

    public volatile NetmaskGroup consoleAcl = NetmaskGroup.parse(List.of("127.0.0.0/8", "::1/128"));

    /** 0: no limit, which is dnsdist's default. Each connection has a thread. */
    public volatile int consoleMaximumConcurrentConnections = 100;

    /** Octets of the longest console message. */
    public volatile int consoleOutputMaxMessageSize = 10_000_000;

    public volatile boolean consoleConnectionsLogging = true;
    public volatile boolean consoleBindFatal;

    // ---- the web server

    /** {@code webserver}, in the order of the file. */
    public final List<WebAddress> webAddresses = new ArrayList<>();

    public volatile WebSpec web = WebSpec.DEFAULT;

    /** {@code registerWebHandler}, by path. */
    public final Map<String, WebHandler> webHandlers = new ConcurrentHashMap<>();

    public volatile boolean webserverBindFatal;

    /** {@code carbonServer}, in the order of the file. */
    public final List<CarbonSpec> carbonServers = new ArrayList<>();

    // ---- the log

    /** {@code setInstanceFromServerID}: log lines carry {@link #effectiveServerId}. */
    public boolean logInstanceFromServerId;

    /** {@code setSyslogFacility}, as RFC 5424 numbers them; -1: not set. */
    public int syslogFacility = -1;

    /** {@code setVerboseLogDestination}; empty: where everything else goes. */
    public String verboseLogDestination = "";

    // ---- the process

    /** {@code setServerID}; empty: the host's name. */
    public volatile String serverId = "";

    /** Capabilities kept after start-up ({@code addCapabilitiesToRetain}). */
    public final Set<LinuxCapability> capabilitiesToRetain = EnumSet.noneOf(LinuxCapability.class);

    /** {@code setTCPFastOpenKey}; null: the host's. */
    public @Nullable FastOpenKey tcpFastOpenKey;

    /** File and line of the last call of each function that changes a setting, for messages. */
    public final Map<String, String> settingPlaces = new HashMap<>();

    /**
     * A setting was changed.
     *
     * @param place file and line; empty if that is not known
     */
    public void said(String function, String place) {
        if (!place.isEmpty()) {
            settingPlaces.put(function, place);
        }
    }

    /** {@code setServerID}, or the host's name ({@code localhost} if it can't be read). */
    public String effectiveServerId() {
        if (!serverId.isEmpty()) {
            return serverId;
        }
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "localhost";
        }
    }
}
