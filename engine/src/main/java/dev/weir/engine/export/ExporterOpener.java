package dev.weir.engine.export;

/** Opens exporters. Implemented by who has files and sockets. */
public interface ExporterOpener {
    /** @throws IllegalArgumentException if that can't be opened, in words for the operator */
    Exporter open(ExportSpec spec);

    /** @throws IllegalArgumentException if that can't be opened, in words for the operator */
    QueryCopier open(QueryCopier.Spec spec);
}
