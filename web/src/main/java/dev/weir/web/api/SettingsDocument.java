package dev.weir.web.api;

import dev.weir.config.Configuration;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code /api/v1/servers/localhost/config}: some settings, and the ACL. */
final class SettingsDocument {
    private SettingsDocument() {}

    static List<Object> of(Model model, Configuration configuration) {
        LiveSettings settings = model.settings();
        Endpoint console = configuration.consoleAddress;
        List<Object> all = new ArrayList<>();
        add(all, "acl", model.acl().toString());
        add(all, "allow-empty-response", settings.on(Setting.ALLOW_EMPTY_RESPONSE));
        add(all, "control-socket", console == null ? "" : console.toString());
        add(all, "ecs-override", settings.on(Setting.ECS_OVERRIDE));
        add(all, "ecs-source-prefix-v4", settings.number(Setting.ECS_SOURCE_PREFIX_V4));
        add(all, "ecs-source-prefix-v6", settings.number(Setting.ECS_SOURCE_PREFIX_V6));
        add(all, "fixup-case", settings.on(Setting.FIXUP_CASE));
        add(all, "max-outstanding", settings.number(Setting.MAX_UDP_OUTSTANDING));
        add(all, "server-policy", model.policy().name());
        add(all, "stale-cache-entries-ttl", settings.number(Setting.STALE_CACHE_ENTRIES_TTL));
        add(all, "tcp-recv-timeout", settings.number(Setting.TCP_RECV_TIMEOUT));
        add(all, "tcp-send-timeout", settings.number(Setting.TCP_SEND_TIMEOUT));
        add(all, "truncate-tc", settings.on(Setting.TRUNCATE_TC));
        add(all, "verbose", Log.verbose());
        add(all, "verbose-health-checks", settings.on(Setting.VERBOSE_HEALTH_CHECKS));
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
