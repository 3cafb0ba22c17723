package dev.weir.gate.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.gate.filter.PacketFilters;
import dev.weir.gate.table.GuardCounter;
import dev.weir.gate.table.Table;
import dev.weir.sys.Bpf;
import dev.weir.sys.DirectoryLock;
import dev.weir.sys.PacketSocket;
import dev.weir.testkit.Await;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.PacketBuilder;
import dev.weir.wire.Name;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Tables that get more room while packets come and others write. */
class GrowthTest {
    private static final Bpf KERNEL = Bpf.kernel();
    private static final IpAddress BLOCKED = IpAddress.parse("198.18.0.1");
    private static final String FREE = "198.18.0.9";
    private static final String SERVER = "198.18.0.53";
    private static final long FOREVER = KernelFilter.FOREVER;
    private static final AttachRequest SMALL = new AttachRequest(
            AttachMode.AUTO,
            AskedOptions.NONE,
            Map.of(Table.ADDR_V4, 8, Table.ENDS4, 8, Table.CIDR4, 8, Table.ENDS_CIDR4, 8, Table.SUFFIXES, 8),
            AttachRequest.Strangers.STAY);

    /** What a test does with a guard of {@code a}, whose tables are small. */
    @FunctionalInterface
    private interface Body {
        void run(GuardPins pins, int far) throws Exception;
    }

    private static void guarded(Body body) throws Exception {
        new DatagramSocket().close();
        KernelSandbox.run(sandbox -> {
            int[] ends = sandbox.veth();
            KernelSandbox.command("ip", "link", "set", "dev", "a", "address", "02:00:00:00:00:02");
            KernelSandbox.command("ip", "addr", "add", SERVER + "/16", "broadcast", "+", "dev", "a");
            GuardPins pins = new GuardPins(sandbox.bpffs().resolve("dns"));
            Guard guard = new Guard(KERNEL, pins);
            guard.attach("a", SMALL);
            body.run(pins, ends[1]);
            guard.detach("a");
            guard.purge();
            assertThat(pins.directory()).doesNotExist();
        });
    }

    private static KernelFilter tables(GuardPins pins) throws Exception {
        return PacketFilters.ofOperator(KERNEL, note -> {}).open(GuardTables.filterSpec(KERNEL, pins));
    }

    private static byte[] query(String from) {
        byte[] message = java.util.HexFormat.of().parseHex("000101000001000000000000076578616d706c650000010001");
        return new PacketBuilder()
                .addresses(from, SERVER)
                .ports(5353, 53)
                .payload(message)
                .build();
    }

    private static int room(GuardPins pins, Table table) throws Exception {
        try (BpfMap map = BpfMap.openPinnedReadOnly(KERNEL, pins.table(table))) {
            return map.maxEntries();
        }
    }

    @Test
    void aFullTableGrowsWithWhatItHasAndCounts() throws Exception {
        guarded((pins, far) -> {
            try (KernelFilter filter = tables(pins);
                    PacketSocket sender = PacketSocket.open(far)) {
                long end = System.nanoTime() + 3_600_000_000_000L;
                filter.block(BLOCKED, MatchAction.DROP, end);
                filter.addRange(Netmask.parse("203.0.113.0/24"), MatchAction.REFUSED, false, end);
                filter.blockSuffix(Name.parse("a.example"), 1, MatchAction.NXDOMAIN, end);
                filter.rateLimit(Netmask.parse("192.0.2.0/24"), new KernelFilter.Limit(10, 20, 3, 0));
                sender.send(query(BLOCKED.toString()));
                sender.send(query(BLOCKED.toString()));
                Await.until("both are counted", Await.PATIENCE, () -> filter.hits(BLOCKED) == 2);
                for (int i = 1; i <= 20; i++) {
                    filter.block(IpAddress.v4(i), MatchAction.DROP, FOREVER);
                    filter.addRange(Netmask.of(IpAddress.v4(i << 8), 24), MatchAction.DROP, false, FOREVER);
                    filter.blockSuffix(Name.parse("n" + i), 1, MatchAction.DROP, FOREVER);
                }
                assertThat(room(pins, Table.ADDR_V4)).isEqualTo(16_384);
                assertThat(room(pins, Table.ENDS4)).isEqualTo(16_384);
                assertThat(room(pins, Table.CIDR4)).isEqualTo(16_384);
                assertThat(room(pins, Table.SUFFIXES)).isEqualTo(16_384);
                assertThat(room(pins, Table.ADDR_V6)).isEqualTo(1024);
                sender.send(query(BLOCKED.toString()));
                Await.until("a third", Await.PATIENCE, () -> filter.hits(BLOCKED) == 3);
                List<KernelFilter.Entry> entries = filter.entries();
                assertThat(entries).hasSize(64);
                assertThat(entries.stream().filter(entry -> entry.endNanos() == end))
                        .extracting(KernelFilter.Entry::subject)
                        .containsExactly(BLOCKED.toString(), "203.0.113.0/24", "a.example.");
                assertThat(entries.getLast().limit()).isEqualTo(new KernelFilter.Limit(10, 20, 3, 0));
                filter.purge(end);
                assertThat(filter.entries()).hasSize(61);
                assertThat(GuardStatus.read(KERNEL, pins).getFirst().counters().get(GuardCounter.DROPPED))
                        .isEqualTo(3);
            }
        });
    }

    /** No packet of a blocked client arrives while the table that blocks him grows, and nothing that others write meanwhile is lost. */
    @Test
    void neitherPacketsNorOthersNotice() throws Exception {
        guarded((pins, far) -> {
            try (KernelFilter filter = tables(pins);
                    KernelFilter daemon = new PacketFilters().open(GuardTables.filterSpec(KERNEL, pins));
                    PacketSocket sender = PacketSocket.open(far);
                    DatagramSocket server = new DatagramSocket(53)) {
                filter.block(BLOCKED, MatchAction.DROP, FOREVER);
                new Growth(KERNEL, pins).more(Kind.IPV4);
                AtomicInteger written = new AtomicInteger();
                AtomicBoolean over = new AtomicBoolean();
                AtomicReference<Throwable> failure = new AtomicReference<>();
                List<Thread> threads = new ArrayList<>();
                threads.add(Thread.ofPlatform()
                        .start(() -> attempt(failure, over, i -> {
                            sender.send(query(BLOCKED.toString()));
                            Thread.onSpinWait();
                        })));
                // Two of three stay.
                threads.add(Thread.ofPlatform()
                        .start(() -> attempt(failure, over, i -> {
                            IpAddress address = IpAddress.v4(0x0a00_0000 + i);
                            daemon.block(address, MatchAction.DROP, FOREVER);
                            written.set(i);
                            if (i % 3 == 2) {
                                daemon.unblock(IpAddress.v4(0x0a00_0000 + i - 1));
                            }
                        })));
                for (int size : new int[] {100_000, 150_000, 200_000, 250_000}) {
                    int before = written.get();
                    Await.until("others write", Await.PATIENCE, () -> written.get() > before + 20);
                    new Growth(KERNEL, pins).toAtLeast(Map.of(Table.ADDR_V4, size, Table.ENDS4, size));
                }
                over.set(true);
                for (Thread thread : threads) {
                    thread.join();
                }
                assertThat(failure.get()).isNull();
                sender.send(query(FREE));
                server.setSoTimeout((int) Await.PATIENCE.toMillis());
                DatagramPacket received = new DatagramPacket(new byte[512], 512);
                server.receive(received);
                assertThat(received.getAddress().getHostAddress()).isEqualTo(FREE);
                assertThat(room(pins, Table.ADDR_V4)).isEqualTo(250_000);
                List<String> subjects = filter.entries().stream()
                        .map(KernelFilter.Entry::subject)
                        .toList();
                int last = subjects.stream()
                        .filter(subject -> subject.startsWith("10."))
                        .mapToInt(subject -> (int) (IpAddress.parse(subject).lo() - 0x0a00_0000L))
                        .max()
                        .orElse(0);
                assertThat(last).isGreaterThan(80);
                List<String> expected = new ArrayList<>(List.of(BLOCKED.toString()));
                for (int i = 0; i <= last; i++) {
                    if (i % 3 != 1 || i == last) {
                        expected.add(IpAddress.v4(0x0a00_0000 + i).toString());
                    }
                }
                assertThat(subjects).containsExactlyInAnyOrderElementsOf(expected);
            }
        });
    }

    @FunctionalInterface
    private interface Step {
        void run(int number) throws Exception;
    }

    private static void attempt(AtomicReference<Throwable> failure, AtomicBoolean over, Step step) {
        try {
            for (int i = 0; !over.get(); i++) {
                step.run(i);
            }
        } catch (Throwable t) {
            failure.set(t);
        }
    }

    /** As the process that died between renaming the pins and replacing the guard left it. */
    @Test
    void aGuardThatWasLeftBehindCatchesUp() throws Exception {
        guarded((pins, far) -> {
            Path pin = pins.table(Table.ADDR_V4);
            try (BpfMap larger = BpfMap.create(
                    KERNEL,
                    dev.weir.gate.GuardObject.spec()
                            .map(Table.ADDR_V4.mapName())
                            .withMaxEntries(99),
                    null)) {
                Files.delete(pin);
                larger.pin(pin);
            }
            Growth growth = new Growth(KERNEL, pins);
            assertThat(growth.catchUp()).containsExactly("a");
            assertThat(growth.catchUp()).isEmpty();
            try (KernelFilter filter = tables(pins);
                    PacketSocket sender = PacketSocket.open(far)) {
                filter.block(BLOCKED, MatchAction.DROP, FOREVER);
                sender.send(query(BLOCKED.toString()));
                Await.until("it is dropped", Await.PATIENCE, () -> filter.hits(BLOCKED) == 1);
            }
        });
    }

    /** Who has a table open without the directory is not one of ours, and would go on with the old one. */
    @Test
    void strangersKeepATableFromGrowing() throws Exception {
        guarded((pins, far) -> {
            Process holder = new ProcessBuilder(
                            "python3", "-c", """
                            import ctypes, struct, sys, time
                            path = ctypes.create_string_buffer(sys.argv[1].encode())
                            attr = struct.pack("<QII", ctypes.addressof(path), 0, 0)
                            fd = ctypes.CDLL(None).syscall(321, 7, attr, len(attr))
                            print(fd, flush=True)
                            sys.stdin.read()
                            """, pins.table(Table.ADDR_V4).toString())
                    .start();
            try {
                assertThat(holder.inputReader().readLine()).matches("\\d+");
                assertThatThrownBy(() -> new Growth(KERNEL, pins).more(Kind.IPV4))
                        .isInstanceOf(KernelException.class)
                        .hasMessageContaining("can't grow while process " + holder.pid() + " (python3) has it open");
                assertThat(room(pins, Table.ADDR_V4)).isEqualTo(8);
                assertThat(new Growth(KERNEL, pins).more(Kind.CIDR4)).hasSize(2);
            } finally {
                holder.destroyForcibly().waitFor();
                holder.inputReader().close();
                holder.errorReader().close();
                holder.outputWriter().close();
            }
            assertThat(new Growth(KERNEL, pins).more(Kind.IPV4))
                    .extracting(Growth.Grown::toString)
                    .containsExactly("addr-v4 has grown: 8 → 16384 entries", "weir-ends4 has grown: 8 → 16384 entries");
            try (DirectoryLock lock = DirectoryLock.open(pins.directory())) {
                assertThat(lock.tryLock()).isTrue();
            }
        });
    }
}
