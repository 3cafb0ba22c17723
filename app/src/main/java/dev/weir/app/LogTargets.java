package dev.weir.app;

import dev.weir.config.Configuration;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.QueuedSink;
import java.io.IOException;

/** What a configuration says of where log lines go. */
final class LogTargets {
    private LogTargets() {}

    /** Has it followed from now on. */
    static void follow(Configuration configuration) {
        if (configuration.syslogFacility >= 0) {
            SyslogSink.facility(configuration.syslogFacility);
        }
        String file = configuration.verboseLogDestination;
        if (file.isEmpty()) {
            return;
        }
        try {
            Log.verboseSink(new QueuedSink("verbose-log", new FileSink(file)));
        } catch (IOException e) {
            Log.error("Unable to open the destination of verbose messages", "setup", "path", file, "error", e);
        }
    }
}
