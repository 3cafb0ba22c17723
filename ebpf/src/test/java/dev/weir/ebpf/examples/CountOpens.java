package dev.weir.ebpf.examples;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.elf.ObjectSpec;
import dev.weir.ebpf.link.BpfLink;
import dev.weir.ebpf.link.Tracepoint;
import dev.weir.ebpf.map.Codec;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A tracepoint: which files this process opens, and how often. Run it with {@code ebpf/example CountOpens}; the kernel side is
 * {@code bpf/examples/tracepoint.bpf.c}.
 */
final class CountOpens {
    private CountOpens() {}

    public static void main(String[] args) throws Exception {
        run(System.out);
    }

    static void run(PrintStream out) throws Exception {
        ObjectSpec spec = TestObjects.spec("examples/tracepoint")
                .withVariables(Map.of("process", ProcessHandle.current().pid()));
        try (BpfObject object = BpfObject.load(spec);
                BpfLink link = Tracepoint.attach(object.program("count_opens"), "syscalls", "sys_enter_openat")) {
            for (int i = 0; i < 3; i++) {
                Files.readString(Path.of("/proc/version"));
            }
            object.map("opened").typed(Codec.text(64), Codec.U64).forEach((name, count) -> {
                if (name.equals("/proc/version")) {
                    out.println(name + ": opened " + count + " times");
                }
            });
        }
    }
}
