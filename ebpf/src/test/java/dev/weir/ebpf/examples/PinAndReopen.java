package dev.weir.ebpf.examples;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.LoadOptions;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.link.BpfLink;
import dev.weir.ebpf.link.Xdp;
import dev.weir.ebpf.link.XdpMode;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import java.io.PrintStream;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Leaves a program at work and comes back for what it found. Run it with {@code ebpf/example PinAndReopen}; the kernel side is
 * {@code bpf/examples/pinned.bpf.c}.
 */
final class PinAndReopen {
    private PinAndReopen() {}

    public static void main(String[] args) throws Exception {
        run(System.out, Path.of("/sys/fs/bpf"));
    }

    static void run(PrintStream out, Path bpffs) throws Exception {
        Path link = bpffs.resolve("remember");
        LoadOptions options = LoadOptions.DEFAULT.withPinDirectory(bpffs);
        try (BpfObject object = BpfObject.load(TestObjects.spec("examples/pinned"), options);
                BpfLink attached = Xdp.link(object.program("remember"), Loopback.index(), XdpMode.GENERIC)) {
            attached.pin(link);
        }
        // Nothing is open any more: this could be another process, an hour later.
        try (DatagramChannel a = Loopback.open();
                DatagramChannel b = Loopback.open()) {
            Loopback.send(a, b, 4);
        }
        try (BpfLink attached = BpfLink.openPinned(link);
                BpfMap sources = BpfMap.openPinned(bpffs.resolve("sources"))) {
            sources.typed(Codec.bytes(4), Codec.U64)
                    .forEach((address, packets) -> out.println(packets + " packets from " + (address[0] & 0xff) + "."
                            + address[1] + "." + address[2] + "." + address[3]));
            attached.detach();
        }
        Files.delete(link);
        Files.delete(bpffs.resolve("sources"));
    }
}
