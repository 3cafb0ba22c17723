package dev.weir.engine.view;

import java.util.Map;

/**
 * The guard of an interface, a program in the kernel, as far as this process may look at it.
 *
 * @param device the interface's name
 * @param state in which mode it stands there; {@code gone} if it does not any more
 * @param counters what it has counted, by name
 */
public record GuardView(String device, String state, Map<String, Long> counters) {
    public GuardView {
        counters = Map.copyOf(counters);
    }
}
