package dev.weir.gate.guard;

import dev.weir.ebpf.link.XdpMode;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.prog.Program;
import dev.weir.gate.GuardObject;
import dev.weir.gate.GuardOptions;
import dev.weir.gate.table.GuardCounter;
import dev.weir.sys.Bpf;
import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.NetworkInterface;
import dev.weir.sys.ProgInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the guard of a device does.
 *
 * @param mode where it stands, null if it stands nowhere any more: the device is gone, or lives in another network namespace
 * @param programId of the program that the link holds, 0 if it holds none
 * @param counters summed over all CPUs; those that the program counts, none if its table can't be found
 * @param runTimeNs time spent in the program while run-time statistics were on
 * @param runs how often it ran while they were on
 * @param options what it was told, null if that is not known
 * @param next the program that gets what passes, null if the kernel's network stack does
 */
public record GuardStatus(
        String device,
        @Nullable XdpMode mode,
        int programId,
        Map<GuardCounter, Long> counters,
        long runTimeNs,
        long runs,
        @Nullable GuardOptions options,
        @Nullable Next next) {

    /** A program that was on the device before, by what the kernel knows of it. */
    public record Next(int programId, String name) {}

    private static final Path STATISTICS = Path.of("/proc/sys/kernel/bpf_stats_enabled");

    public GuardStatus {
        counters = Map.copyOf(counters);
    }

    /** Reads the status of all guards that are pinned. */
    public static List<GuardStatus> read(Bpf bpf, GuardPins pins) throws IOException {
        List<GuardStatus> all = new ArrayList<>();
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            for (String device : pins.devices()) {
                all.add(read(bpf, pins, device, netlink.networkInterface(device)));
            }
        }
        return all;
    }

    private static GuardStatus read(Bpf bpf, GuardPins pins, String device, Optional<NetworkInterface> found)
            throws IOException {
        try (PinnedGuard guard = PinnedGuard.open(bpf, pins, device)) {
            if (guard.link() == null) {
                return new GuardStatus(device, null, 0, Map.of(), 0, 0, null, null);
            }
            XdpMode mode = found.filter(
                            there -> there.index() == guard.deviceIndex() && there.xdpProgramId() == guard.programId())
                    .map(XdpMode::of)
                    .orElse(null);
            Program program = guard.program();
            BpfMap stats = guard.stats();
            ProgInfo info = program == null ? null : program.info();
            return new GuardStatus(
                    device,
                    mode,
                    guard.programId(),
                    stats == null ? Map.of() : GuardObject.counters(stats),
                    info == null ? 0 : info.runTimeNs(),
                    info == null ? 0 : info.runCount(),
                    guard.knownOptions(),
                    next(bpf, pins.chained(device)));
        }
    }

    private static @Nullable Next next(Bpf bpf, Path pin) throws IOException {
        if (!Files.exists(pin)) {
            return null;
        }
        try (Program chained = Program.openPinned(bpf, pin)) {
            return new Next(chained.info().id(), chained.name());
        }
    }

    /** Returns the time that a packet spends in the program, if there is anything to tell it by. */
    public Optional<Double> nanosPerPacket() {
        return runs == 0 ? Optional.empty() : Optional.of((double) runTimeNs / runs);
    }

    /** Returns whether the kernel measures programs' run time at this moment; by {@code sysctl}, that is. */
    public static boolean isMeasured() {
        try {
            return !Files.readString(STATISTICS).strip().equals("0");
        } catch (IOException e) {
            return false;
        }
    }
}
