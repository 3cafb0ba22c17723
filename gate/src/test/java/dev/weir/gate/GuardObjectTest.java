package dev.weir.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.MapMismatchException;
import dev.weir.ebpf.ring.RingReader;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.gate.table.AddressKey;
import dev.weir.gate.table.Event;
import dev.weir.gate.table.GuardCounter;
import dev.weir.gate.table.Settings;
import dev.weir.gate.table.Table;
import dev.weir.gate.table.Verdict;
import dev.weir.sys.Bpf;
import dev.weir.testkit.KernelSandbox;
import dev.weir.wire.Name;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Loading a guard, its pins and what it shares through them. */
class GuardObjectTest {
    private static final int XDP_DROP = 1;
    private static final int XDP_PASS = 2;
    private static final IpAddress CLIENT = IpAddress.parse("198.18.0.1");
    /** A query of 198.18.0.1 for www.example.com A, with IPv4 and UDP. */
    private static final byte[] QUERY = HexFormat.of()
            .parseHex("020000000002020000000001" + "0800"
                    + "4500003d00000000401100 00c6120001c6120035".replace(" ", "")
                    + "d431003500290000"
                    + "123401000001000000000000"
                    + "03777777076578616d706c6503636f6d00" + "00010001");

    @Test
    void guardsShareTheirTablesThroughPinsAndCountForThemselves() throws Exception {
        KernelSandbox.run(sandbox -> {
            GuardSpec spec = GuardSpec.DEFAULT.withPins(sandbox.bpffs());
            try (GuardObject first = GuardObject.load(Bpf.kernel(), spec);
                    GuardObject second = GuardObject.load(Bpf.kernel(), spec)) {
                assertThat(first.program().testRun(QUERY).returned()).isEqualTo(XDP_PASS);
                first.map(Table.ADDR_V4).typed(AddressKey.V4, Verdict.CODEC).put(CLIENT, Verdict.of(MatchAction.DROP));
                assertThat(second.program().testRun(QUERY).returned()).isEqualTo(XDP_DROP);
                assertThat(first.counters())
                        .containsEntry(GuardCounter.SEEN, 1L)
                        .containsEntry(GuardCounter.PASSED, 1L)
                        .containsEntry(GuardCounter.DROPPED, 0L)
                        .hasSize(GuardCounter.values().length);
                assertThat(second.counters()).containsEntry(GuardCounter.DROPPED, 1L);
                assertThat(first.map(Table.ADDR_V4)
                                .typed(AddressKey.V4, Verdict.CODEC)
                                .lookup(CLIENT))
                        .contains(new Verdict(1, 1));
            } finally {
                unpin(sandbox);
            }
        });
    }

    @Test
    void pinnedTablesAreTakenAsTheyAreUnlessASizeIsAskedFor() throws Exception {
        KernelSandbox.run(sandbox -> {
            GuardSpec spec = GuardSpec.DEFAULT.withPins(sandbox.bpffs());
            try {
                GuardObject.load(Bpf.kernel(), spec.withMaxEntries(Table.CIDR4, 77))
                        .close();
                try (GuardObject again = GuardObject.load(Bpf.kernel(), spec)) {
                    assertThat(again.map(Table.CIDR4).maxEntries()).isEqualTo(77);
                }
                assertThatThrownBy(() -> GuardObject.load(Bpf.kernel(), spec.withMaxEntries(78)))
                        .isInstanceOf(MapMismatchException.class)
                        .hasMessageContaining("78");
            } finally {
                unpin(sandbox);
            }
        });
    }

    @Test
    void onlyTheConfiguredPortsAreGuarded() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (GuardObject guard = GuardObject.load(
                    Bpf.kernel(),
                    GuardSpec.DEFAULT.withOptions(GuardOptions.DEFAULT.withPorts(java.util.Set.of(5300, 65_535))))) {
                guard.map(Table.ADDR_V4).typed(AddressKey.V4, Verdict.CODEC).put(CLIENT, Verdict.of(MatchAction.DROP));
                assertThat(toPort(guard, 53)).isEqualTo(XDP_PASS);
                assertThat(toPort(guard, 5300)).isEqualTo(XDP_DROP);
                assertThat(toPort(guard, 5301)).isEqualTo(XDP_PASS);
                assertThat(toPort(guard, 65_535)).isEqualTo(XDP_DROP);
            }
        });
    }

    @Test
    void sampledPacketsAreTold() throws Exception {
        KernelSandbox.run(sandbox -> {
            try (GuardObject guard = GuardObject.load(Bpf.kernel(), GuardSpec.DEFAULT);
                    RingReader ring = new RingReader(guard.map(Table.EVENTS))) {
                List<Event> events = new ArrayList<>();
                guard.program().testRun(QUERY);
                ring.drain((memory, at, length) -> events.add(Event.read(memory, at)));
                assertThat(events).isEmpty();
                guard.map(Table.SETTINGS).typed(Codec.U32, Settings.CODEC).put(0, new Settings(1, false));
                guard.program().testRun(QUERY);
                new GuardTables(guard).address(CLIENT, 1, 0);
                guard.program().testRun(QUERY);
                ring.drain((memory, at, length) -> {
                    assertThat(length).isEqualTo((int) Event.LAYOUT.byteSize());
                    events.add(Event.read(memory, at));
                });
                assertThat(events)
                        .extracting(Event::outcome)
                        .containsExactly(GuardCounter.PASSED, GuardCounter.DROPPED);
                assertThat(events).allMatch(event -> event.client().equals(CLIENT) && event.port() == 54_321);
                assertThat(events.getFirst().name()).isEqualTo(Name.parse("www.example.com"));
                assertThat(events.getFirst().type()).isEqualTo(1);
                assertThat(events.getLast().name())
                        .as("decided without reading it")
                        .isNull();
            }
        });
    }

    private static int toPort(GuardObject guard, int port) throws Exception {
        byte[] query = QUERY.clone();
        query[36] = (byte) (port >> 8);
        query[37] = (byte) port;
        return guard.program().testRun(query).returned();
    }

    private static void unpin(KernelSandbox sandbox) throws Exception {
        for (Table table : Table.values()) {
            Files.deleteIfExists(table.pin(sandbox.bpffs()));
        }
    }
}
