package dev.weir.ebpf.examples;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.link.Xdp;
import dev.weir.ebpf.link.XdpAttachment;
import dev.weir.ebpf.link.XdpMode;
import dev.weir.ebpf.map.Codec;
import java.io.PrintStream;
import java.nio.channels.DatagramChannel;

/**
 * Counts packets by IP protocol in XDP. Run it with {@code ebpf/example CountPackets}; the kernel side is {@code bpf/examples/count.bpf.c}.
 */
final class CountPackets {
    private CountPackets() {}

    public static void main(String[] args) throws Exception {
        run(System.out);
    }

    static void run(PrintStream out) throws Exception {
        try (BpfObject object = BpfObject.load(TestObjects.spec("examples/count"));
                XdpAttachment attached = Xdp.attach(object.program("count"), Loopback.index(), XdpMode.GENERIC);
                DatagramChannel a = Loopback.open();
                DatagramChannel b = Loopback.open()) {
            Loopback.send(a, b, 5);
            // Each CPU counts for itself: the sum is the number of packets.
            object.map("packets").typedPerCpu(Codec.U32, Codec.U64).forEach((protocol, perCpu) -> {
                long packets = perCpu.stream().mapToLong(Long::longValue).sum();
                if (packets > 0) {
                    out.println("IP protocol " + protocol + ": " + packets + " packets");
                }
            });
        }
    }
}
