package dev.weir.ebpf.prog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.link.SocketAttachment;
import dev.weir.sys.Bpf;
import dev.weir.sys.DatagramPath;
import dev.weir.sys.Fd;
import dev.weir.sys.InetEndpoint;
import dev.weir.sys.ReceiveBatch;
import dev.weir.sys.UdpSocket;
import dev.weir.testkit.KernelSandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Programs: loaded, run, described, pinned, attached to sockets. */
class ProgramTest {
    private static final byte[] RETURN_SEVEN = {(byte) 0xb7, 0, 0, 0, 7, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0};

    @Test
    void handMadeInstructionsRun() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (Program program = Program.load(new ProgramSpec("seven", ProgramType.XDP, "GPL", RETURN_SEVEN));
                    Program generic = Program.load(new ProgramSpec("tc", ProgramType.SCHED_CLS, "GPL", RETURN_SEVEN))) {
                assertThat(program.testRun(new byte[14]).returned()).isEqualTo(7);
                assertThat(generic.testRun(new byte[14]).returned()).isEqualTo(7);
                assertThat(program.info().instructions()).isEqualTo(2);
                assertThat(program.info().tag()).hasSize(16);
                assertThat(program.info().btfId()).isZero();
            }
        });
    }

    @Test
    void pinsAndIdsLeadToTheSameProgram() throws Exception {
        KernelSandbox.run(sandbox -> {
            Path pin = sandbox.bpffs().resolve("seven");
            int id;
            try (Program program = Program.load(new ProgramSpec("seven", ProgramType.XDP, "GPL", RETURN_SEVEN))) {
                program.pin(pin);
                id = program.info().id();
            }
            try (Program pinned = Program.openPinned(Bpf.kernel(), pin);
                    Program byId = Program.open(Bpf.kernel(), id)) {
                assertThat(pinned.name()).isEqualTo("seven");
                assertThat(byId.info().tag()).isEqualTo(pinned.info().tag());
            }
            Files.delete(pin);
        });
    }

    @Test
    void runsAreCountedWhileStatisticsAreOn() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (BpfObject object = BpfObject.load(TestObjects.spec("examples/count"));
                    Fd statistics = Bpf.kernel().enableRunTimeStatistics()) {
                assertThat(statistics.isOpen()).isTrue();
                Program program = object.program("count");
                program.testRun(new byte[64], new byte[0], 1000);
                assertThat(program.info().runCount()).isEqualTo(1000);
                assertThat(program.info().runTimeNs()).isPositive();
                assertThat(program.info().verifiedInstructions()).isPositive();
            }
        });
    }

    @Test
    void socketFiltersAreAttachedReplacedAndTakenOff() throws Exception {
        KernelSandbox.run(sandbox -> {
            byte[] dropAll = RETURN_SEVEN.clone();
            dropAll[4] = 0;
            byte[] keepAll = RETURN_SEVEN.clone();
            keepAll[6] = 1;
            try (Program drop = Program.load(new ProgramSpec("drop", ProgramType.SOCKET_FILTER, "GPL", dropAll));
                    Program keep = Program.load(new ProgramSpec("keep", ProgramType.SOCKET_FILTER, "GPL", keepAll));
                    UdpSocket server = bound();
                    UdpSocket client = bound();
                    ReceiveBatch in = new ReceiveBatch(4, 64)) {
                try (SocketAttachment filter = SocketAttachment.attach(server.fd(), drop)) {
                    assertThat(received(client, server, in)).isZero();
                    filter.update(keep);
                    assertThat(received(client, server, in)).isEqualTo(1);
                    filter.update(drop);
                    filter.detach();
                    assertThatThrownBy(filter::detach).hasMessageStartingWith("setsockopt(SO_DETACH_BPF): ENOENT");
                }
                assertThat(received(client, server, in)).isEqualTo(1);
            }
        });
    }

    @Test
    void sectionsWithoutMeaningNeedAType() {
        ProgramSpec spec = new ProgramSpec("odd", ProgramType.UNSPECIFIED, "GPL", RETURN_SEVEN);
        assertThatThrownBy(() -> Program.load(spec)).hasMessageContaining("use withType");
        ProgramSpec needsMap = new ProgramSpec("lonely", ProgramType.XDP, "GPL", RETURN_SEVEN)
                .withMaps(List.of(new ProgramSpec.MapReference(0, "elsewhere", false, 0)));
        assertThatThrownBy(() -> Program.load(Bpf.kernel(), needsMap, Map.of(), null))
                .hasMessage("program lonely refers to the map elsewhere, which was not handed in");
    }

    private static UdpSocket bound() throws Exception {
        UdpSocket socket = UdpSocket.open(4);
        socket.bind(new InetEndpoint(4, 0, 0x7f000001, 0, 0));
        return socket;
    }

    /** Loopback delivers inside the send call, so that nothing needs to be waited for. */
    private static int received(UdpSocket client, UdpSocket server, ReceiveBatch in) throws Exception {
        client.send(
                new byte[] {1, 2, 3},
                0,
                3,
                new DatagramPath().to(4, 0, 0x7f000001, server.localEndpoint().port(), 0));
        return Math.max(0, in.receive(server));
    }
}
