package dev.weir.ebpf.examples;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.elf.ObjectSpec;
import dev.weir.ebpf.link.SocketAttachment;
import dev.weir.ebpf.map.MapMemory;
import java.io.PrintStream;
import java.lang.foreign.ValueLayout;
import java.nio.channels.DatagramChannel;
import java.util.Map;

/**
 * A UDP socket that takes nothing from one source port. Run it with {@code ebpf/example BlockPort}; the kernel side is
 * {@code bpf/examples/block.bpf.c}.
 */
final class BlockPort {
    private BlockPort() {}

    public static void main(String[] args) throws Exception {
        run(System.out);
    }

    static void run(PrintStream out) throws Exception {
        try (DatagramChannel server = Loopback.open();
                DatagramChannel friend = Loopback.open();
                DatagramChannel foe = Loopback.open()) {
            // A constant of the program, set before the verifier sees it.
            ObjectSpec spec =
                    TestObjects.spec("examples/block").withVariables(Map.of("blocked_port", Loopback.port(foe)));
            try (BpfObject object = BpfObject.load(spec);
                    SocketAttachment attached = SocketAttachment.attach(server, object.program("block"));
                    MapMemory variables = object.map(".bss").mmap(false)) {
                Loopback.send(friend, server, 2);
                Loopback.send(foe, server, 3);
                out.println(Loopback.received(server) + " datagrams arrived");
                out.println(variables.memory().get(ValueLayout.JAVA_LONG, 0) + " were dropped");
            }
        }
    }
}
