package dev.weir.gate.filter;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.prog.Program;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.gate.SocketObject;
import dev.weir.gate.table.SocketTable;
import dev.weir.sys.Bpf;
import dev.weir.sys.Errno;
import dev.weir.sys.SocketFilter;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** The programs of an internal filter ({@link SocketObject}) with the filter's tables. Any thread. */
final class SocketProgram implements AutoCloseable {
    private final SocketObject object;

    private SocketProgram(SocketObject object) {
        this.object = object;
    }

    /**
     * Loads them with the filter's tables, by the kinds' names; they have empty ones of their own for the others.
     *
     * @throws KernelException UNAVAILABLE: whatever the kernel has against them, it has none of the filter's entries to blame
     */
    static SocketProgram load(Bpf bpf, Map<String, SharedMap> maps, boolean anyIs255) throws KernelException {
        Map<SocketTable, BpfMap> borrowed = new EnumMap<>(SocketTable.class);
        Map<SocketTable, Integer> sizes = new EnumMap<>(SocketTable.class);
        for (SocketTable table : SocketTable.values()) {
            SharedMap map = maps.get(kind(table).name());
            if (map != null) {
                borrowed.put(table, map.map());
            } else {
                sizes.put(table, 1);
            }
        }
        try {
            return new SocketProgram(SocketObject.load(bpf, sizes, borrowed, anyIs255));
        } catch (IOException e) {
            throw Remedy.of(e, Reason.UNAVAILABLE);
        }
    }

    private static Kind kind(SocketTable table) {
        return switch (table) {
            case LEGACY_V4 -> Kind.IPV4;
            case LEGACY_V6 -> Kind.IPV6;
            case LEGACY_QNAMES -> Kind.QNAMES;
            case CIDR4 -> Kind.CIDR4;
            case CIDR6 -> Kind.CIDR6;
            case SUFFIXES -> Kind.SUFFIXES;
        };
    }

    void attach(int socket) throws KernelException {
        try {
            Program program = SocketFilter.isDatagram(socket) ? object.queries() : object.clients();
            SocketFilter.attach(socket, program.fd());
        } catch (SyscallException e) {
            throw Remedy.attaching(e);
        }
    }

    void detach(int socket) throws KernelException {
        try {
            SocketFilter.detach(socket);
        } catch (SyscallException e) {
            if (e.errno() != Errno.ENOENT) {
                throw Remedy.of(e, Reason.FAILED);
            }
        }
    }

    @Override
    public void close() {
        object.close();
    }
}
