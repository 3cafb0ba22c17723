package dev.weir.engine.export;

import dev.weir.engine.acl.Endpoint;

/**
 * Where figures go in the plain text of Carbon (Graphite, Metronome), and under which names: {@code namespace.host.instance.metric}.
 *
 * @param host as it stands in names; empty for the first label of the machine's name
 * @param intervalSeconds from one report to the next
 */
public record CarbonSpec(Endpoint server, String host, int intervalSeconds, String namespace, String instance) {
    /** Carbon's port for its plain text. */
    public static final int PORT = 2003;

    /** Seconds between reports unless told otherwise, as dnsdist has it. */
    public static final int INTERVAL_SECONDS = 30;
}
