package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.BtfType;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.StructLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every layout of bpf(2) against the running kernel's own types: each name must be there, at the same offset, of the same size. */
class BpfLayoutTest {
    private static Btf kernel;

    @BeforeAll
    static void read() throws Exception {
        kernel = Btf.parse(Files.readAllBytes(Path.of("/sys/kernel/btf/vmlinux")))
                .orThrow();
    }

    @Test
    void partsOfTheUnion() {
        compare(MapCreateAttr.LAYOUT, attr("map_type"));
        compare(MapElemAttr.LAYOUT, attr("map_fd"));
        compare(MapBatchAttr.LAYOUT, attr("batch"));
        compare(ProgLoadAttr.LAYOUT, attr("prog_type"));
        compare(ObjAttr.LAYOUT, attr("pathname"));
        compare(TestRunAttr.LAYOUT, attr("test"));
        compare(IdAttr.LAYOUT, attr("start_id"));
        compare(InfoAttr.LAYOUT, attr("info"));
        compare(BtfLoadAttr.LAYOUT, attr("btf"));
        compare(LinkAttr.CREATE, attr("link_create"));
        compare(LinkAttr.DETACH, attr("link_detach"));
        compare(EnableStatsAttr.LAYOUT, attr("enable_stats"));
        compare(QueryAttr.LAYOUT, attr("query"));
        compare(RawTracepointAttr.LAYOUT, attr("raw_tracepoint"));
    }

    /** What kinds of links need beside a target lies behind what all need. */
    @Test
    void linkDetails() {
        compare(LinkAttr.RELATIVE, detail("tcx"));
        compare(LinkAttr.RELATIVE, detail("netkit"));
        compare(LinkAttr.PERF_EVENT, detail("perf_event"));
        compare(LinkAttr.KPROBE_MULTI, detail("kprobe_multi"));
        compare(PerfEvent.LAYOUT, struct("perf_event_attr"), "flags");
    }

    private static Map<String, long[]> detail(String name) {
        BtfType.Struct attr = kernel.find(BtfType.Struct.class, "bpf_attr").orElseThrow();
        BtfType.Struct create = (BtfType.Struct) kernel.resolve(attr.members().stream()
                .filter(member -> member.name().equals("link_create"))
                .findFirst()
                .orElseThrow()
                .type());
        for (BtfType.Member member : create.members()) {
            if (member.name().isEmpty() && kernel.resolve(member.type()) instanceof BtfType.Struct union) {
                for (BtfType.Member kind : union.members()) {
                    if (kind.name().equals(name)) {
                        assertThat(member.bitOffset() / 8).isEqualTo(LinkAttr.CREATE.byteSize());
                        return fields((BtfType.Struct) kernel.resolve(kind.type()));
                    }
                }
            }
        }
        throw new AssertionError("link_create has no " + name);
    }

    /** link_update's descriptors are in unions since maps can be linked as well; the names inside did not change. */
    @Test
    void linkUpdate() {
        compare(LinkAttr.UPDATE, attr("link_update"));
    }

    @Test
    void descriptions() {
        compare(MapInfo.LAYOUT, struct("bpf_map_info"));
        compare(BtfInfo.LAYOUT, struct("bpf_btf_info"));
        Map<String, long[]> link = struct("bpf_link_info");
        compare(LinkInfo.LAYOUT, link);
        Map<String, long[]> program = struct("bpf_prog_info");
        // A bit field in the kernel; its whole word here.
        program.put("gpl_compatible", new long[] {84, 4});
        compare(ProgInfo.LAYOUT, program);
    }

    @Test
    void commandsHaveTheKernelsNumbers() {
        Map<String, Long> numbers = new HashMap<>();
        kernel.find(BtfType.Enumeration.class, "bpf_cmd")
                .orElseThrow()
                .constants()
                .forEach(c -> numbers.put(c.name(), c.value()));
        for (BpfCommand command : BpfCommand.values()) {
            assertThat((long) command.number()).as(command.name()).isEqualTo(numbers.get(command.name()));
        }
    }

    private static void compare(StructLayout layout, Map<String, long[]> fields, String... unnamed) {
        for (MemoryLayout member : layout.memberLayouts()) {
            if (member instanceof PaddingLayout
                    || java.util.List.of(unnamed).contains(member.name().orElse(""))) {
                continue;
            }
            String name = member.name().orElseThrow();
            assertThat(fields).containsKey(name);
            assertThat(new long[] {layout.byteOffset(PathElement.groupElement(name)), member.byteSize()})
                    .as("offset and size of %s", name)
                    .isEqualTo(fields.get(name));
        }
    }

    private static Map<String, long[]> struct(String name) {
        return fields(kernel.find(BtfType.Struct.class, name).orElseThrow());
    }

    /** Finds the member of union bpf_attr that has a name, or that is an anonymous struct with a field of the name. */
    private static Map<String, long[]> attr(String name) {
        for (BtfType.Member member :
                kernel.find(BtfType.Struct.class, "bpf_attr").orElseThrow().members()) {
            Map<String, long[]> fields = fields((BtfType.Struct) kernel.resolve(member.type()));
            if (member.name().equals(name) || member.name().isEmpty() && fields.containsKey(name)) {
                return fields;
            }
        }
        throw new AssertionError("union bpf_attr has no " + name);
    }

    private static Map<String, long[]> fields(BtfType.Struct struct) {
        Map<String, long[]> fields = new HashMap<>();
        collect(struct, 0, fields);
        return fields;
    }

    private static void collect(BtfType.Struct struct, long base, Map<String, long[]> fields) {
        for (BtfType.Member member : struct.members()) {
            long offset = base + member.bitOffset() / 8;
            // Of variants that share memory, the deeper ones are reached through their own names only; ifindex is
            // XDP's.
            if (kernel.resolve(member.type()) instanceof BtfType.Struct inner
                    && (member.name().isEmpty() || member.name().equals("xdp"))) {
                collect(inner, offset, fields);
            } else {
                fields.putIfAbsent(
                        member.name(),
                        new long[] {offset, kernel.sizeOf(member.type()).orElse(-1)});
            }
        }
    }
}
