package dev.weir.export;

import dev.weir.engine.export.ExportSpec;
import dev.weir.engine.export.Exporter;
import dev.weir.engine.export.ExporterOpener;
import dev.weir.engine.export.QueryCopier;

/** Opens each kind of exporter. */
public final class Exporting implements ExporterOpener {
    @Override
    public Exporter open(ExportSpec spec) {
        return switch (spec) {
            case ExportSpec.LogFile file -> LogFileExporter.open(file);
        };
    }

    @Override
    public QueryCopier open(QueryCopier.Spec spec) {
        return UdpCopier.open(spec);
    }
}
