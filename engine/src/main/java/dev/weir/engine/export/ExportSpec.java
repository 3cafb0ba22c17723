package dev.weir.engine.export;

/** Describes an exporter before it is opened. */
public sealed interface ExportSpec {
    /**
     * A line or a record for each query.
     *
     * @param file empty: our own log
     * @param binary records of queries instead of lines
     * @param append to what the file holds, instead of beginning it anew
     * @param buffered whether octets may wait in memory for more to come
     * @param verboseOnly whether our own log has them at debug level only
     * @param includeTimestamp whether each has its time in front
     */
    record LogFile(
            String file,
            boolean binary,
            boolean append,
            boolean buffered,
            boolean verboseOnly,
            boolean includeTimestamp)
            implements ExportSpec {}
}
