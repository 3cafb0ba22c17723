package dev.weir.ebpf.examples;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.link.Xdp;
import dev.weir.ebpf.link.XdpAttachment;
import dev.weir.ebpf.link.XdpMode;
import dev.weir.ebpf.ring.RingReader;
import java.io.PrintStream;
import java.lang.foreign.ValueLayout;
import java.nio.channels.DatagramChannel;

/**
 * Prints an event for each packet, through a ring buffer. Run it with {@code ebpf/example WatchEvents}; the kernel side is
 * {@code bpf/examples/events.bpf.c}.
 */
final class WatchEvents {
    private WatchEvents() {}

    public static void main(String[] args) throws Exception {
        run(System.out);
    }

    static void run(PrintStream out) throws Exception {
        try (BpfObject object = BpfObject.load(TestObjects.spec("examples/events"));
                RingReader events = new RingReader(object.map("events"));
                XdpAttachment attached = Xdp.attach(object.program("tell"), Loopback.index(), XdpMode.GENERIC);
                DatagramChannel a = Loopback.open();
                DatagramChannel b = Loopback.open()) {
            Loopback.send(a, b, 3);
            for (int seen = 0; seen < 3; ) {
                seen += events.poll(
                        1_000,
                        (memory, offset, length) -> out.println(memory.get(ValueLayout.JAVA_INT, offset)
                                + " bytes of IP protocol " + memory.get(ValueLayout.JAVA_INT, offset + 4)));
            }
        }
    }
}
