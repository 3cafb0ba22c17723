package dev.weir.config.change;

import dev.weir.config.Configuration;
import dev.weir.config.change.Change.Kind;
import dev.weir.config.change.Change.Subject;
import dev.weir.config.change.Difference.Side;
import dev.weir.config.web.WebSpec;
import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Setting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Which settings differ, and which of them the process takes only when it starts. */
public final class SettingDifference {
    /** What threads and sockets that stay have been made with. */
    private static final Set<Setting> AT_THE_START = Set.of(
            Setting.MAX_TCP_CLIENT_THREADS,
            Setting.MAX_UDP_OUTSTANDING,
            Setting.RANDOMIZED_IDS_OVER_UDP,
            Setting.RANDOMIZED_OUTGOING_SOCKETS,
            Setting.UDP_RECEIVE_BUFFER_SIZE,
            Setting.UDP_SEND_BUFFER_SIZE,
            Setting.PROXY_MAXIMUM_PAYLOAD_SIZE);

    private SettingDifference() {}

    static List<Change> between(Side running, Side next) {
        List<Change> all = new ArrayList<>();
        Difference.differing(values(running), values(next))
                .forEach((name, how) -> all.add(new Change(Kind.CHANGED, Subject.SETTING, name + ": " + how)));
        secrets(running.configuration(), next.configuration(), all);
        return all;
    }

    /** Names and values in words. */
    private static Map<String, Object> values(Side side) {
        Model model = side.model();
        Configuration configuration = side.configuration();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("policy", model.policy().name());
        all.put("acl", model.acl().toString());
        all.put("proxyAcl", model.proxyAcl().toString());
        for (Setting setting : Setting.values()) {
            all.put(name(setting), model.settings().text(setting));
        }
        all.put("rings", model.ringSpec());
        all.put("consoleAcl", configuration.consoleAcl.toString());
        all.put("consoleAddress", String.valueOf(configuration.consoleAddress));
        all.put("webAddresses", configuration.webAddresses.toString());
        all.put("carbonServers", configuration.carbonServers.toString());
        all.put("serverId", configuration.effectiveServerId());
        WebSpec web = configuration.web;
        all.put("webAcl", web.acl().toString());
        all.put("webHeaders", web.customHeaders().keySet().toString());
        all.put("webAccess", web.access());
        all.put("apiWritable", web.apiWritable());
        all.put("webMaxConcurrentConnections", web.maxConcurrentConnections());
        return all;
    }

    /** That they differ may be said, what they are may not. */
    private static void secrets(Configuration before, Configuration after, List<Change> all) {
        if (!Arrays.equals(before.consoleKey, after.consoleKey)) {
            all.add(new Change(Kind.CHANGED, Subject.SETTING, "console key"));
        }
        if (!Objects.equals(before.web.password(), after.web.password())) {
            all.add(new Change(Kind.CHANGED, Subject.SETTING, "web password"));
        }
        if (!Objects.equals(before.web.apiKey(), after.web.apiKey())) {
            all.add(new Change(Kind.CHANGED, Subject.SETTING, "API key"));
        }
    }

    /** What differs and is taken only when the process starts, such as {@code needs a restart: weir.conf:3 setMaxTCPClientThreads}. */
    public static List<String> afterARestart(Side running, Side next) {
        List<String> all = new ArrayList<>();
        LiveSettings before = running.model().settings();
        LiveSettings after = next.model().settings();
        for (Setting setting : Setting.values()) {
            if (AT_THE_START.contains(setting) && before.bits(setting) != after.bits(setting)) {
                note(setting.functions().getFirst(), running, next, all);
            }
        }
        if (!Objects.equals(running.configuration().consoleAddress, next.configuration().consoleAddress)) {
            note("controlSocket", running, next, all);
        }
        return all;
    }

    private static void note(String function, Side running, Side next, List<String> all) {
        String now = next.configuration().settingPlaces.getOrDefault(function, "");
        String before = running.configuration().settingPlaces.getOrDefault(function, "");
        String place = now.isEmpty() ? before.isEmpty() ? "" : "(was " + before + ") " : now + " ";
        String note = "needs a restart: " + place + function;
        if (!all.contains(note)) {
            all.add(note);
        }
    }

    /** What operators call it. */
    private static String name(Setting setting) {
        String function = setting.functions().getFirst();
        return Setting.of(function).size() == 1
                ? function
                : function + ' ' + setting.argument().name();
    }
}
