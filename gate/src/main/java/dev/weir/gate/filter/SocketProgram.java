package dev.weir.gate.filter;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.LoadOptions;
import dev.weir.ebpf.elf.ObjectSpec;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.sys.Bpf;
import dev.weir.sys.Errno;
import dev.weir.sys.SocketFilter;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** The program of an internal filter ({@code bpf/socket}) with the filter's tables. Any thread. */
final class SocketProgram implements AutoCloseable {
    private static final String OBJECT = "/dev/weir/gate/socket.bpf.o";
    /** For UDP sockets: reads the question. */
    private static final String QUERIES = "queries";
    /** For listening TCP sockets: knows clients only. */
    private static final String CLIENTS = "clients";

    private final BpfObject object;

    private SocketProgram(BpfObject object) {
        this.object = object;
    }

    /** Loads it with the filter's tables, by the kinds' names; the program has empty ones of its own for the others. */
    static SocketProgram load(Map<String, BpfMap> maps, boolean anyIs255) throws KernelException {
        LoadOptions options = LoadOptions.DEFAULT;
        for (Kind kind : Kind.values()) {
            BpfMap map = maps.get(kind.name());
            if (map != null) {
                options = options.withMap(nameOf(kind), map);
            }
        }
        try {
            return new SocketProgram(
                    BpfObject.load(Bpf.kernel(), ObjectSpec.parse(bytes()).orThrow(), options));
        } catch (IOException e) {
            throw Remedy.of(e, Reason.FAILED);
        }
    }

    private static byte[] bytes() throws IOException {
        try (InputStream in = SocketProgram.class.getResourceAsStream(OBJECT)) {
            if (in == null) {
                throw new IOException("the program for sockets is missing in this build: " + OBJECT);
            }
            return in.readAllBytes();
        }
    }

    private static String nameOf(Kind kind) {
        return switch (kind) {
            case IPV4 -> "legacy_v4";
            case IPV6 -> "legacy_v6";
            case QNAMES -> "legacy_qnames";
            case CIDR4 -> "cidr4";
            case CIDR6 -> "cidr6";
            case SUFFIXES -> "suffixes";
            case RATES4, RATES6 -> throw new IllegalArgumentException("sockets limit no rates");
        };
    }

    void attach(int socket) throws KernelException {
        try {
            String function = SocketFilter.isDatagram(socket) ? QUERIES : CLIENTS;
            SocketFilter.attach(socket, object.program(function).fd());
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
