package dev.weir.gate;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.LoadOptions;
import dev.weir.ebpf.elf.ObjectSpec;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.prog.Program;
import dev.weir.gate.table.SocketTable;
import dev.weir.sys.Bpf;
import java.io.IOException;
import java.util.Map;

/**
 * The filters on the daemon's own sockets, in the kernel, and their tables. They drop and pass, nothing else; they go with their sockets. Any
 * thread may call. Since Linux 5.17, with CAP_BPF.
 */
public final class SocketObject implements AutoCloseable {
    private static final String FILE = "socket.bpf.o";

    private final BpfObject object;

    private SocketObject(BpfObject object) {
        this.object = object;
    }

    /** The object as it was compiled: sizes of tables are 1024. */
    public static ObjectSpec spec() throws IOException {
        return Objects.read(FILE);
    }

    /**
     * Loads the filters into a kernel.
     *
     * @param maxEntries sizes of tables; 1024 for those that are not there, at least 1
     * @param borrowed maps to use in place of new ones; they stay the caller's
     * @param anyIs255 whether type 255 in the table of names stands for every type, as dnsdist before 2.0 writes it
     */
    public static SocketObject load(
            Bpf bpf, Map<SocketTable, Integer> maxEntries, Map<SocketTable, BpfMap> borrowed, boolean anyIs255)
            throws IOException {
        ObjectSpec file = spec().withVariables(Map.of("any_is_255", anyIs255));
        for (Map.Entry<SocketTable, Integer> size : maxEntries.entrySet()) {
            file = file.withMap(size.getKey().mapName(), map -> map.withMaxEntries(Math.max(1, size.getValue())));
        }
        LoadOptions options = LoadOptions.DEFAULT;
        for (Map.Entry<SocketTable, BpfMap> map : borrowed.entrySet()) {
            options = options.withMap(map.getKey().mapName(), map.getValue());
        }
        return new SocketObject(BpfObject.load(bpf, file, options));
    }

    /** For UDP sockets of plain DNS: looks at clients, names and suffixes. */
    public Program queries() {
        return object.program("queries");
    }

    /** For listening TCP sockets, which hand it on to their connections, and for QUIC: looks at clients alone. */
    public Program clients() {
        return object.program("clients");
    }

    /** A table. It is the object's, or whose it was when it was borrowed. */
    public BpfMap map(SocketTable table) {
        return object.map(table.mapName());
    }

    @Override
    public void close() {
        object.close();
    }
}
