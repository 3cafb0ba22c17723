package dev.weir.ebpf.examples;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.elf.ObjectSpec;
import dev.weir.ebpf.link.AttachedPrograms;
import dev.weir.ebpf.link.BpfLink;
import dev.weir.ebpf.link.Tcx;
import dev.weir.ebpf.map.MapMemory;
import java.io.PrintStream;
import java.lang.foreign.ValueLayout;
import java.nio.channels.DatagramChannel;
import java.util.Map;

/**
 * Traffic control: no datagram for one port gets into the device. Run it with {@code ebpf/example ClosePort}; the kernel side is
 * {@code bpf/examples/tcx.bpf.c}.
 */
final class ClosePort {
    private ClosePort() {}

    public static void main(String[] args) throws Exception {
        run(System.out);
    }

    static void run(PrintStream out) throws Exception {
        try (DatagramChannel client = Loopback.open();
                DatagramChannel open = Loopback.open();
                DatagramChannel closed = Loopback.open()) {
            ObjectSpec spec =
                    TestObjects.spec("examples/tcx").withVariables(Map.of("closed_port", Loopback.port(closed)));
            try (BpfObject object = BpfObject.load(spec);
                    BpfLink link = Tcx.attach(object.program("close_port"), Loopback.index(), Tcx.Direction.INGRESS);
                    MapMemory variables = object.map(".bss").mmap(false)) {
                AttachedPrograms attached = BpfLink.query(Tcx.Direction.INGRESS.attachType(), Loopback.index());
                out.println(attached.programs().size() + " program on the device, by a link of type "
                        + link.describe().type());
                Loopback.send(client, open, 2);
                Loopback.send(client, closed, 3);
                out.println(Loopback.received(open) + " datagrams arrived at the open port, "
                        + Loopback.received(closed) + " at the closed one");
                out.println(variables.memory().get(ValueLayout.JAVA_LONG, 0) + " were dropped");
            }
        }
    }
}
