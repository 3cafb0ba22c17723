package dev.weir.ebpf.examples;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.link.Xdp;
import dev.weir.ebpf.link.XdpAttachment;
import dev.weir.ebpf.link.XdpMode;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.TypedMap;
import java.io.PrintStream;
import java.nio.channels.DatagramChannel;

/**
 * Replaces a program under traffic: every packet meets the old or the new one, none meets neither. Run it with
 * {@code ebpf/example ReplaceProgram}; the kernel side is {@code bpf/examples/replace.bpf.c}.
 */
final class ReplaceProgram {
    private static final int PACKETS = 1_000;

    private ReplaceProgram() {}

    public static void main(String[] args) throws Exception {
        run(System.out);
    }

    static void run(PrintStream out) throws Exception {
        try (BpfObject object = BpfObject.load(TestObjects.spec("examples/replace"));
                XdpAttachment attached = Xdp.attach(object.program("old_version"), Loopback.index(), XdpMode.GENERIC);
                DatagramChannel a = Loopback.open();
                DatagramChannel b = Loopback.open()) {
            for (int i = 0; i < PACKETS; i++) {
                Loopback.send(a, b, 1);
                if (i % 100 == 50) {
                    attached.update(object.program(i % 200 == 50 ? "new_version" : "old_version"));
                }
            }
            TypedMap<Integer, Long> met = object.map("met").typed(Codec.U32, Codec.U64);
            long before = met.lookup(0).orElseThrow();
            long after = met.lookup(1).orElseThrow();
            out.println(before + " packets met the old program, " + after + " the new one, "
                    + (PACKETS - before - after) + " neither");
        }
    }
}
