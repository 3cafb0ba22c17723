package dev.weir.ebpf;

import static dev.weir.testkit.KernelSandbox.command;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.ebpf.link.BpfLink;
import dev.weir.ebpf.link.Xdp;
import dev.weir.ebpf.link.XdpMode;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.map.MapType;
import dev.weir.ebpf.prog.Program;
import dev.weir.sys.Bpf;
import dev.weir.testkit.KernelSandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** bpftool sees what we make, with names and types; we see what bpftool makes. */
class InteropTest {
    @Test
    void bpftoolShowsOurMapsWithTypes() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = BpfObject.load(TestObjects.spec("objects/features"))) {
                BpfMap entries = object.map("entries");
                byte[] entry = new byte[24];
                entry[0] = 5;
                entry[8] = 6;
                entry[12] = 53;
                entry[14] = 'w';
                entries.typed(Codec.U32, Codec.bytes(24)).put(1, entry);
                String id = Integer.toString(entries.info().id());
                assertThat(command("bpftool", "map", "show", "id", id))
                        .contains("hash")
                        .contains("name entries");
                assertThat(command("bpftool", "map", "dump", "id", id))
                        .contains("\"packets\": 5")
                        .contains("\"last\": 6")
                        .contains("\"port\": 53");
                String rodata = Integer.toString(object.map(".rodata").info().id());
                assertThat(command("bpftool", "map", "dump", "id", rodata)).contains("\"verdict\": 2");
            }
        });
    }

    @Test
    void bpftoolShowsOurProgramsAndLinks() throws Exception {
        KernelSandbox.run(sandbox -> {
            int veth = sandbox.veth()[0];
            try (BpfObject object = BpfObject.load(TestObjects.spec("objects/features"));
                    BpfLink link = Xdp.link(Bpf.kernel(), object.program("main_program"), veth, XdpMode.NATIVE)) {
                String id =
                        Integer.toString(object.program("main_program").info().id());
                assertThat(command("bpftool", "prog", "show", "id", id))
                        .contains("xdp")
                        .contains("name main_program")
                        .contains("gpl")
                        .contains("btf_id");
                assertThat(command("bpftool", "prog", "dump", "xlated", "id", id))
                        .as("function and line info")
                        .contains("int main_program(struct xdp_md *ctx)")
                        .contains("initialised++");
                assertThat(command(
                                "bpftool",
                                "link",
                                "show",
                                "id",
                                Integer.toString(link.info().id())))
                        .contains("xdp")
                        .contains("prog " + id);
            }
        });
    }

    @Test
    void whatBpftoolPinsOpensHere() throws Exception {
        KernelSandbox.run(sandbox -> {
            Path pin = sandbox.bpffs().resolve("theirs");
            command(("bpftool map create " + pin + " type hash key 4 value 8 entries 16 name theirs").split(" "));
            command(("bpftool map update pinned " + pin + " key 1 0 0 0 value 7 0 0 0 0 0 0 0").split(" "));
            MapSpec expected = new MapSpec("theirs", MapType.HASH, 4, 8, 16);
            try (BpfMap map = BpfMap.openPinned(Bpf.kernel(), pin, expected)) {
                assertThat(map.name()).isEqualTo("theirs");
                assertThat(map.typed(Codec.U32, Codec.U64).lookup(1)).contains(7L);
            }
            Files.delete(pin);
        });
    }

    @Test
    void whatWePinBpftoolOpens() throws Exception {
        KernelSandbox.run(sandbox -> {
            Path map = sandbox.bpffs().resolve("ours");
            Path program = sandbox.bpffs().resolve("program");
            try (BpfMap made = BpfMap.create(new MapSpec("ours", MapType.HASH, 4, 4, 16));
                    BpfObject object = BpfObject.load(TestObjects.spec("examples/count"))) {
                made.pin(map);
                object.program("count").pin(program);
            }
            command(("bpftool map update pinned " + map + " key 2 0 0 0 value 9 0 0 0").split(" "));
            assertThat(command("bpftool", "map", "lookup", "pinned", map.toString(), "key", "2", "0", "0", "0"))
                    .contains("value: 09 00 00 00");
            assertThat(command("bpftool", "prog", "show", "pinned", program.toString()))
                    .contains("name count");
            Files.delete(map);
            Files.delete(program);
        });
    }

    @Test
    void programsThatBpftoolLoadedAndPinnedRunHere() throws Exception {
        KernelSandbox.run(sandbox -> {
            Path pin = sandbox.bpffs().resolve("loaded");
            Path object = Files.createTempFile("count", ".o");
            Files.write(object, TestObjects.bytes("examples/count"));
            command("bpftool", "prog", "load", object.toString(), pin.toString());
            Files.delete(object);
            try (Program program = Program.openPinned(Bpf.kernel(), pin)) {
                assertThat(program.testRun(new byte[64]).returned()).isEqualTo(2);
                try (BpfMap packets =
                        BpfMap.open(Bpf.kernel(), program.info().mapIds().getFirst())) {
                    assertThat(packets.name()).isEqualTo("packets");
                }
            }
            Files.delete(pin);
        });
    }
}
