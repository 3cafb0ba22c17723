package dev.weir.web.http;

import dev.weir.config.web.WebSpec;
import dev.weir.web.http.Credential.Verdict;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The credentials of one state of the settings. Any thread. */
final class Keys {
    final WebSpec settings;
    private final @Nullable Credential password;
    private final @Nullable Credential apiKey;

    /** @param former what was learned of these values stays known */
    Keys(WebSpec settings, @Nullable Keys former) {
        this.settings = settings;
        this.password = former != null && Objects.equals(former.settings.password(), settings.password())
                ? former.password
                : of(settings.password());
        this.apiKey = former != null && Objects.equals(former.settings.apiKey(), settings.apiKey())
                ? former.apiKey
                : of(settings.apiKey());
    }

    private static @Nullable Credential of(@Nullable String text) {
        return text == null ? null : Credential.of(text);
    }

    /** Without a key in the settings nobody has it. */
    Verdict key(@Nullable String given, BooleanSupplier affordable) {
        return given == null || apiKey == null ? Verdict.WRONG : apiKey.verdict(given, affordable);
    }

    /** Without a password in the settings every one will do, as in dnsdist. */
    Verdict password(@Nullable String given, BooleanSupplier affordable) {
        if (given == null) {
            return Verdict.WRONG;
        }
        return password == null ? Verdict.RIGHT : password.verdict(given, affordable);
    }
}
