package dev.weir.net.tls;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which of a listener's contexts is for a client, by the name that it asks for (RFC 6066 section 3). */
final class NameChoice {
    private NameChoice() {}

    /**
     * The one whose certificate has the name, or else its wildcard; the first one if the client asks for none, or for one that nobody has.
     *
     * @param byName names in lower case, wildcards as {@code *.example.org}
     */
    static <C> C choose(List<C> all, Map<String, C> byName, @Nullable String name) {
        C found = name == null ? null : byName.get(name);
        int dot = name == null ? -1 : name.indexOf('.');
        if (found == null && name != null && dot >= 0) {
            found = byName.get("*" + name.substring(dot));
        }
        return found == null ? all.getFirst() : found;
    }
}
