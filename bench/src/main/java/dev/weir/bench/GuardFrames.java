package dev.weir.bench;

import dev.weir.ebpf.link.BpfLink;
import dev.weir.ebpf.link.Xdp;
import dev.weir.ebpf.link.XdpMode;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.MapBatch;
import dev.weir.ebpf.map.MapSlot;
import dev.weir.ebpf.map.MapSpec;
import dev.weir.ebpf.map.MapType;
import dev.weir.ebpf.map.TypedMap;
import dev.weir.ebpf.prog.Program;
import dev.weir.ebpf.prog.ProgramSpec;
import dev.weir.ebpf.prog.ProgramType;
import dev.weir.engine.acl.Netmask;
import dev.weir.gate.GuardObject;
import dev.weir.gate.GuardSpec;
import dev.weir.gate.table.Bucket;
import dev.weir.gate.table.RangeKey;
import dev.weir.gate.table.Settings;
import dev.weir.gate.table.Table;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.Namespace;
import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.ProgInfo;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * What a packet costs in the guard over real frames: from one end of a veth pair to the other, in native mode, by the kernel's own account
 * ({@code run_time_ns / run_cnt}), which contains two looks at a clock. A program that only passes is measured beside it. As root:
 * {@code bench/guard}, which gives it the compiled {@code frames.c}, the sender, as its argument.
 *
 * <p>"Cold" means another address each time, out of a million or out of a /16 that is in no table. Medians of {@value #ROUNDS} rounds.
 */
public final class GuardFrames {
    private static final int ROUNDS = 7;
    private static final int FRAMES = 200_000;
    private static final int ADDRESSES = 1_000_000;
    private static final int BATCH = 1024;
    /** Queries per second that nobody exceeds. */
    private static final int BOUNDLESS = 1_000_000_000;

    private static final int STRANGERS = 1 << 16;
    /** 11.0.0.0 and up: all of them blocked. */
    private static final int FIRST_BLOCKED = 0x0b00_0000;
    /** 198.19.0.0/16: in no table. */
    private static final int FIRST_STRANGER = 0xc613_0000;

    private final String sender;
    private final int guarded;

    private GuardFrames(String sender, int guarded) {
        this.sender = sender;
        this.guarded = guarded;
    }

    public static void main(String[] args) throws IOException {
        Namespace.leave(Namespace.NETWORK);
        int[] ends = new int[2];
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            netlink.createVeth("a", "b");
            for (int i = 0; i < 2; i++) {
                ends[i] = netlink.networkInterface(i == 0 ? "a" : "b")
                        .orElseThrow()
                        .index();
                netlink.up(ends[i]);
            }
        }
        try (var statistics = Bpf.kernel().enableRunTimeStatistics()) {
            new GuardFrames(args[0], ends[0]).measure();
        }
    }

    private void measure() throws IOException {
        byte[] pass = {(byte) 0xb7, 0, 0, 0, 2, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0};
        try (Program nothing = Program.load(new ProgramSpec("nothing", ProgramType.XDP, "GPL", pass))) {
            print("a program that passes everything", cost(nothing, false, false));
        }
        GuardSpec spec = GuardSpec.DEFAULT
                .withMaxEntries(Table.ADDR_V4, ADDRESSES + ADDRESSES / 10)
                .withCountsPerTick(true);
        try (GuardObject guard = GuardObject.load(Bpf.kernel(), spec)) {
            // As attaching does where no suffix is blocked.
            guard.map(Table.SETTINGS).typed(Codec.U32, Settings.CODEC).put(0, Settings.DEFAULT.withNoSuffixes(true));
            print("pass, tables empty, one address", cost(guard.program(), false, true));
            print("pass, tables empty, cold", cost(guard.program(), false, false));
            TypedMap<Netmask, Bucket> rates = guard.map(Table.RATES4).typed(RangeKey.V4, Bucket.CODEC);
            rates.put(Netmask.parse("0.0.0.0/0"), Bucket.of(BOUNDLESS, BOUNDLESS, 0, 32));
            print("pass, a limit per address, one address", cost(guard.program(), false, true));
            print("pass, a limit per address, cold", cost(guard.program(), false, false));
            rates.delete(Netmask.parse("0.0.0.0/0"));
            fill(guard.map(Table.ADDR_V4), 16);
            print("pass, 1 M addresses, cold", cost(guard.program(), false, false));
            print("drop, 1 M addresses, one address", cost(guard.program(), true, true));
            print("drop, 1 M addresses, cold", cost(guard.program(), true, false));
        }
        bareLookUp();
    }

    /** A program with nothing but a look-up of the source in a table of the same size: what no guard can do without. */
    private void bareLookUp() throws IOException {
        MapSpec spec = new MapSpec("bare", MapType.HASH, Integer.BYTES, 16, ADDRESSES + ADDRESSES / 10);
        try (BpfMap map = BpfMap.create(Bpf.kernel(), spec, null)) {
            fill(map, 16);
            ProgramSpec program = BareLookUp.program(map.name());
            try (Program look = Program.load(Bpf.kernel(), program, java.util.Map.of(map.name(), map), null)) {
                print("a bare look-up among 1 M, found, cold", cost(look, true, false));
                print("a bare look-up among 1 M, not found, cold", cost(look, false, false));
            }
        }
    }

    private double cost(Program program, boolean blocked, boolean warm) throws IOException {
        double[] rounds = new double[ROUNDS];
        try (BpfLink link = Xdp.link(Bpf.kernel(), program, guarded, XdpMode.NATIVE)) {
            for (int round = 0; round < ROUNDS; round++) {
                ProgInfo before = program.info();
                send(blocked ? FIRST_BLOCKED : FIRST_STRANGER, warm ? 1 : blocked ? ADDRESSES : STRANGERS);
                // What is still in the queue would count in the next round.
                LockSupport.parkNanos(50_000_000);
                ProgInfo after = program.info();
                rounds[round] = (double) (after.runTimeNs() - before.runTimeNs())
                        / Math.max(1, after.runCount() - before.runCount());
            }
            if (!link.fd().isOpen()) {
                throw new IOException("the link was closed");
            }
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private void send(int first, int addresses) throws IOException {
        Process process = new ProcessBuilder(
                        sender, "b", Integer.toHexString(first), String.valueOf(addresses), String.valueOf(FRAMES))
                .inheritIO()
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(sender + " ended with " + process.exitValue());
            }
        } catch (InterruptedException e) {
            process.destroy();
            throw new InterruptedIOException();
        }
    }

    private static void print(String what, double nanos) {
        System.out.printf(Locale.ROOT, "%s | %.0f%n", what, nanos);
    }

    private static void fill(BpfMap map, int valueBytes) throws IOException {
        byte[] drop = new byte[valueBytes];
        drop[8] = 1;
        try (MapBatch batch = map.batch(BATCH)) {
            for (int from = 0; from < ADDRESSES; from += BATCH) {
                int size = Math.min(BATCH, ADDRESSES - from);
                for (int i = 0; i < size; i++) {
                    batch.keys()
                            .set(ValueLayout.JAVA_INT_UNALIGNED, (long) i * Integer.BYTES, FIRST_BLOCKED + from + i);
                    MemorySegment.copy(
                            drop, 0, batch.values(), ValueLayout.JAVA_BYTE, (long) i * valueBytes, valueBytes);
                }
                int result = batch.update(size, MapSlot.ANY);
                if (result < 0) {
                    throw Bpf.failure(BpfCommand.BPF_MAP_UPDATE_BATCH, result);
                }
            }
        }
    }
}
