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
import dev.weir.ebpf.prog.Program;
import dev.weir.ebpf.prog.ProgramSpec;
import dev.weir.ebpf.prog.ProgramType;
import dev.weir.gate.GuardObject;
import dev.weir.gate.GuardSpec;
import dev.weir.gate.table.Settings;
import dev.weir.gate.table.Table;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.Namespace;
import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.PacketSocket;
import dev.weir.sys.ProgInfo;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * What a packet costs in the guard over real frames: from one end of a veth pair to the other, in native mode, by the kernel's own account
 * ({@code run_time_ns / run_cnt}), which contains two looks at a clock. A program that only passes is measured beside it. As root: {@code bench/guard}.
 *
 * <p>"Cold" means another address each time, out of a million or out of a /16 that is in no table. Medians of {@value #ROUNDS} rounds.
 */
public final class GuardFrames {
    private static final int ROUNDS = 7;
    private static final int FRAMES = 100_000;
    private static final int ADDRESSES = 1_000_000;
    private static final int BATCH = 1024;
    private static final int SOURCE = 14 + 12;
    /** 11.0.0.0 and up: all of them blocked. */
    private static final int FIRST_BLOCKED = 0x0b00_0000;
    /** 198.19.0.0/16: in no table. */
    private static final int FIRST_STRANGER = 0xc613_0000;

    private final SplittableRandom random = new SplittableRandom(1);
    private final PacketSocket sender;
    private final int guarded;

    private GuardFrames(PacketSocket sender, int guarded) {
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
        try (PacketSocket sender = PacketSocket.open(ends[1]);
                var statistics = Bpf.kernel().enableRunTimeStatistics()) {
            new GuardFrames(sender, ends[0]).measure();
        }
    }

    private void measure() throws IOException {
        byte[] pass = {(byte) 0xb7, 0, 0, 0, 2, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0};
        try (Program nothing = Program.load(new ProgramSpec("nothing", ProgramType.XDP, "GPL", pass))) {
            print("a program that passes everything", cost(nothing, false, false));
        }
        GuardSpec spec = GuardSpec.DEFAULT.withMaxEntries(Table.ADDR_V4, ADDRESSES + ADDRESSES / 10);
        try (GuardObject guard = GuardObject.load(Bpf.kernel(), spec)) {
            // As attaching does where no suffix is blocked.
            guard.map(Table.SETTINGS).typed(Codec.U32, Settings.CODEC).put(0, Settings.DEFAULT.withNoSuffixes(true));
            print("pass, tables empty, one address", cost(guard.program(), false, true));
            print("pass, tables empty, cold", cost(guard.program(), false, false));
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
        byte[] frame = frame();
        try (BpfLink link = Xdp.link(Bpf.kernel(), program, guarded, XdpMode.NATIVE)) {
            for (int round = 0; round < ROUNDS; round++) {
                ProgInfo before = program.info();
                for (int i = 0; i < FRAMES; i++) {
                    int offset = warm ? 5 : random.nextInt(blocked ? ADDRESSES : 1 << 16);
                    int source = (blocked ? FIRST_BLOCKED : FIRST_STRANGER) + offset;
                    ByteBuffer.wrap(frame).putInt(SOURCE, source);
                    sender.send(frame);
                }
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

    private static byte[] frame() {
        byte[] name = {3, 'w', 'w', 'w', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'c', 'o', 'm', 0};
        int dns = 12 + name.length + 4;
        ByteBuffer frame = ByteBuffer.allocate(14 + 28 + dns);
        frame.put(new byte[] {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0});
        frame.put((byte) 0x45).put((byte) 0).putShort((short) (28 + dns)).putInt(0);
        frame.put((byte) 64).put((byte) 17).putShort((short) 0).putInt(0).putInt(0xc612_0035);
        frame.putShort((short) 4242)
                .putShort((short) 53)
                .putShort((short) (8 + dns))
                .putShort((short) 0);
        frame.putShort((short) 77)
                .putShort((short) 0x0100)
                .putShort((short) 1)
                .putShort((short) 0)
                .putInt(0);
        return frame.put(name).putShort((short) 1).putShort((short) 1).array();
    }
}
