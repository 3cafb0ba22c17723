package dev.weir.web.http;

import dev.weir.config.web.WebSpec;
import org.jspecify.annotations.Nullable;

/** The credentials of one state of the settings. Any thread. */
final class Keys {
    final WebSpec settings;
    private final @Nullable Credential password;
    private final @Nullable Credential apiKey;

    Keys(WebSpec settings) {
        this.settings = settings;
        this.password = settings.password() == null ? null : Credential.of(settings.password());
        this.apiKey = settings.apiKey() == null ? null : Credential.of(settings.apiKey());
    }

    /** Without a key in the settings nobody has it. */
    boolean hasKey(@Nullable String given) {
        return given != null && apiKey != null && apiKey.matches(given);
    }

    /** Without a password in the settings every one will do, as in dnsdist. */
    boolean hasPassword(@Nullable String given) {
        return given != null && (password == null || password.matches(given));
    }
}
