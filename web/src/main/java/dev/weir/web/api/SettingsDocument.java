package dev.weir.web.api;

import dev.weir.config.Configuration;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Tuning;
import dev.weir.engine.model.WalkSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code /api/v1/servers/localhost/config}: some settings, and the ACL. */
final class SettingsDocument {
    private SettingsDocument() {}

    static List<Object> of(Model model, Configuration configuration) {
        WalkSettings settings = model.engine().snapshot().settings();
        Tuning tuning = model.tuning();
        Endpoint console = configuration.consoleAddress;
        List<Object> all = new ArrayList<>();
        add(all, "acl", model.acl().toString());
        add(all, "allow-empty-response", settings.allowEmptyResponse());
        add(all, "control-socket", console == null ? "" : console.toString());
        add(all, "ecs-override", settings.ecsOverride());
        add(all, "ecs-source-prefix-v4", settings.ecsSourcePrefixV4());
        add(all, "ecs-source-prefix-v6", settings.ecsSourcePrefixV6());
        add(all, "fixup-case", settings.fixupCase());
        add(all, "max-outstanding", tuning.maxUdpOutstanding);
        add(all, "server-policy", model.policy().name());
        add(all, "stale-cache-entries-ttl", settings.staleCacheEntriesTtl());
        add(all, "tcp-recv-timeout", tuning.tcpRecvTimeoutSeconds);
        add(all, "tcp-send-timeout", tuning.tcpSendTimeoutSeconds);
        add(all, "truncate-tc", settings.truncateTc());
        add(all, "verbose", Log.verbose());
        add(all, "verbose-health-checks", tuning.verboseHealthChecks);
        return all;
    }

    static Map<String, Object> allowFrom(Model model) {
        return setting(
                "allow-from",
                model.acl().masks().stream().map(Netmask::toString).toList());
    }

    private static void add(List<Object> all, String name, Object value) {
        all.add(setting(name, value));
    }

    private static Map<String, Object> setting(String name, Object value) {
        return Map.of("type", "ConfigSetting", "name", name, "value", value);
    }
}
