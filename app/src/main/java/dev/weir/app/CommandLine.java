package dev.weir.app;

import dev.weir.engine.log.Level;
import dev.weir.engine.log.LogFormat;
import dev.weir.engine.log.LogSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line, with dnsdist's flags.
 *
 * @param mode what to do
 * @param config the file of {@code -C}; null means {@link #DEFAULT_CONFIG}, which need not exist in client mode
 * @param addresses the arguments that are no flags: backends, in client mode the console's address
 * @param acls networks of {@code -a}; any suppress the built-in ACL
 * @param locals addresses of {@code -l}; any replace the plain Do53 listeners of the configuration
 * @param command the line of {@code -e}
 * @param consoleKey the base64 key of {@code -k}
 * @param user the user name or number of {@code -u}
 * @param group the group name or number of {@code -g}
 * @param supervised whether to stay away from the terminal and to tell the service manager when ready
 * @param verbose whether debug lines are logged
 * @param syslog whether lines also go to syslog
 * @param logTimestamps whether each line starts with the local time
 * @param structuredLogging the value of {@code --structured-logging}; null leaves it to the configuration
 * @param logFormat the value of {@code --structured-logging-backend}; null leaves it to the configuration
 */
record CommandLine(
        Mode mode,
        @Nullable String config,
        List<String> addresses,
        List<String> acls,
        List<String> locals,
        @Nullable String command,
        @Nullable String consoleKey,
        @Nullable String user,
        @Nullable String group,
        boolean supervised,
        boolean verbose,
        boolean syslog,
        boolean logTimestamps,
        @Nullable Boolean structuredLogging,
        @Nullable LogFormat logFormat) {

    /** Where dnsdist's packages put the configuration. */
    static final String DEFAULT_CONFIG = "/etc/dnsdist/dnsdist.conf";

    /** What one run of the program does. */
    enum Mode {
        /** Balance load. */
        RUN,
        /** Load the configuration, say whether it can be used, and exit. */
        CHECK_CONFIG,
        /** Talk to the console of a running instance. */
        CLIENT,
        /** Print version and features. */
        VERSION,
        /** Print the usage text. */
        HELP
    }

    /** The configuration file to read. */
    String configOrDefault() {
        return config == null ? DEFAULT_CONFIG : config;
    }

    /** Applies what the command line says about logging; the rest stays as it is. */
    LogSettings logging(LogSettings base) {
        LogSettings result = base.withTimestampPrefix(logTimestamps);
        if (verbose) {
            result = result.withThreshold(Level.DEBUG);
        }
        if (Boolean.FALSE.equals(structuredLogging)) {
            return result.withFormat(LogFormat.PLAIN);
        }
        if (logFormat != null) {
            return result.withFormat(logFormat);
        }
        return Boolean.TRUE.equals(structuredLogging) ? result.withFormat(LogFormat.STRUCTURED) : result;
    }
}
