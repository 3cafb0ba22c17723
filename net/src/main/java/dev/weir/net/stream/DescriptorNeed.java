package dev.weir.net.stream;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Setting;
import dev.weir.sys.OpenFileLimit;
import java.io.IOException;
import java.util.List;

/**
 * How many descriptors a configuration may use: what it says, and for listeners without a limit of connections as many as may wait for their
 * threads ({@code setMaxTCPQueuedConnections}).
 */
final class DescriptorNeed {
    private DescriptorNeed() {}

    /** Warns if the process may have fewer open. */
    static void check(Model model, List<StreamListener> listeners) {
        try {
            long limit = OpenFileLimit.current().soft();
            long need = of(model, listeners);
            if (limit >= 0 && need > limit) {
                Log.warning(
                        "This configuration may use more open files than the limit allows: the TCP clients idle longest will be closed then",
                        "setup",
                        "limit",
                        limit,
                        "needed",
                        need,
                        "hint",
                        "LimitNOFILE= in the systemd unit, or ulimit -n");
            }
        } catch (IOException e) {
            Log.debug("Unable to read the limit of open files", "net", "error", e);
        }
    }

    private static long of(Model model, List<StreamListener> listeners) throws IOException {
        long need = DescriptorBudget.open() + DescriptorBudget.RESERVE + DescriptorBudget.toCome(model);
        long unlimited = 0;
        for (StreamListener listener : listeners) {
            int most = listener.spec().maxConcurrentConnections();
            need += most;
            unlimited = most > 0 ? unlimited : model.settings().number(Setting.MAX_TCP_QUEUED_CONNECTIONS);
        }
        for (Backend backend : model.backends()) {
            need += Math.max(0, backend.spec().tcp().maxConcurrentConnections());
        }
        return need + unlimited;
    }
}
