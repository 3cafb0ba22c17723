package dev.weir.app.bpf;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.ValueReader;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.Cpus;
import dev.weir.ebpf.map.MapType;
import dev.weir.ebpf.probe.Features;
import dev.weir.ebpf.probe.Helper;
import dev.weir.ebpf.prog.ProgramType;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfKind;
import dev.weir.sys.Errno;
import dev.weir.sys.Fd;
import dev.weir.sys.LinkInfo;
import dev.weir.sys.MapInfo;
import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.NetworkInterface;
import dev.weir.sys.ProgInfo;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The command {@code weir bpf}. Exits with 0, with 1 on failure, with 2 if it was not understood. */
public final class BpfTool {
    static final String HELP = """
            usage: weir bpf [--json] COMMAND

              features       what this kernel allows with these capabilities
              maps [PATH]    maps that are loaded, or only those pinned below PATH
              progs [PATH]   programs
              links [PATH]   links
              dump PIN       the entries of a pinned map, by type where the map has types, else in hexadecimal
            """;

    private static final Path DEFAULT_PINS = Path.of("/sys/fs/bpf");

    private final Bpf bpf;
    private final PrintStream out;
    private final PrintStream err;

    /** @param bpf the way to the kernel */
    public BpfTool(Bpf bpf, PrintStream out, PrintStream err) {
        this.bpf = bpf;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs a command.
     *
     * @param arguments what follows {@code bpf} on the command line
     */
    public int run(String... arguments) {
        List<String> words = new ArrayList<>(Arrays.asList(arguments));
        boolean json = words.removeIf("--json"::equals);
        String command = words.isEmpty() ? "" : words.removeFirst();
        int most = command.equals("features") ? 0 : 1;
        if (command.equals("--help") || command.equals("-h")) {
            out.print(HELP);
            return 0;
        }
        if (words.size() > most || command.equals("dump") && words.isEmpty()) {
            err.print(HELP);
            return 2;
        }
        try {
            Path path = words.isEmpty() ? null : Path.of(words.getFirst());
            Report report =
                    switch (command) {
                        case "features" -> features();
                        case "maps" -> maps(path);
                        case "progs" -> programs(path);
                        case "links" -> links(path);
                        case "dump" -> dump(Path.of(words.getFirst()));
                        default -> null;
                    };
            if (report == null) {
                err.print(HELP);
                return 2;
            }
            out.print(json ? report.json() : report.table());
            return 0;
        } catch (IOException e) {
            err.println("weir bpf " + command + ": " + e.getMessage());
            return 1;
        }
    }

    private Report features() {
        Features features = new Features(bpf);
        Report report = new Report("kind", "feature", "available", "since", "note");
        for (MapType type : MapType.values()) {
            probe(report, "map", type.toString(), type.minimumKernel(), () -> features.has(type));
        }
        for (ProgramType type : ProgramType.values()) {
            if (type != ProgramType.UNSPECIFIED) {
                probe(report, "program", type.toString(), type.minimumKernel(), () -> features.has(type));
            }
        }
        for (Helper helper : Helper.values()) {
            probe(
                    report,
                    "helper in xdp",
                    helper.toString(),
                    helper.minimumKernel(),
                    () -> features.has(ProgramType.XDP, helper));
        }
        return report;
    }

    /** Asks one question of the kernel. */
    @FunctionalInterface
    private interface Question {
        boolean ask() throws IOException;
    }

    private static void probe(Report report, String kind, String name, String since, Question question) {
        try {
            report.add(kind, name, question.ask(), since, "");
        } catch (IOException e) {
            report.add(kind, name, false, since, String.valueOf(e.getMessage()));
        }
    }

    private Report maps(@Nullable Path path) throws IOException {
        Map<Integer, List<String>> pins = pins(path).of(BpfKind.MAP);
        Report report = new Report("id", "type", "name", "key", "value", "entries", "flags", "types", "pinned");
        for (int id : ids(BpfKind.MAP, path, pins)) {
            try (Fd fd = bpf.openId(BpfKind.MAP, id)) {
                MapInfo info = bpf.mapInfo(fd);
                report.add(
                        info.id(),
                        MapType.nameOf(info.type()),
                        info.name(),
                        info.keySize(),
                        info.valueSize(),
                        Integer.toUnsignedLong(info.maxEntries()),
                        "0x" + Integer.toHexString(info.mapFlags()),
                        info.btfValueTypeId() != 0,
                        pins.getOrDefault(id, List.of()));
            } catch (SyscallException e) {
                passOver(e);
            }
        }
        return report;
    }

    private Report programs(@Nullable Path path) throws IOException {
        Map<Integer, List<String>> pins = pins(path).of(BpfKind.PROGRAM);
        Report report = new Report("id", "type", "name", "tag", "instructions", "maps", "runs", "run_ns", "pinned");
        for (int id : ids(BpfKind.PROGRAM, path, pins)) {
            try (Fd fd = bpf.openId(BpfKind.PROGRAM, id)) {
                ProgInfo info = bpf.progInfo(fd);
                report.add(
                        info.id(),
                        ProgramType.nameOf(info.type()),
                        info.name(),
                        info.tag(),
                        info.instructions(),
                        info.mapIds(),
                        info.runCount(),
                        info.runTimeNs(),
                        pins.getOrDefault(id, List.of()));
            } catch (SyscallException e) {
                passOver(e);
            }
        }
        return report;
    }

    private Report links(@Nullable Path path) throws IOException {
        Map<Integer, List<String>> pins = pins(path).of(BpfKind.LINK);
        Map<Integer, String> interfaces = new HashMap<>();
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            for (NetworkInterface found : netlink.interfaces()) {
                interfaces.put(found.index(), found.name());
            }
        }
        Report report = new Report("id", "type", "program", "attached to", "pinned");
        for (int id : ids(BpfKind.LINK, path, pins)) {
            try (Fd fd = bpf.openId(BpfKind.LINK, id)) {
                LinkInfo info = bpf.linkInfo(fd);
                report.add(
                        info.id(),
                        info.type() == LinkInfo.XDP ? "xdp" : "type " + info.type(),
                        info.programId(),
                        target(info, interfaces),
                        pins.getOrDefault(id, List.of()));
            } catch (SyscallException e) {
                passOver(e);
            }
        }
        return report;
    }

    private static String target(LinkInfo info, Map<Integer, String> interfaces) {
        if (info.type() != LinkInfo.XDP) {
            return "";
        }
        return info.interfaceIndex() == 0
                ? "nothing any more"
                : interfaces.getOrDefault(info.interfaceIndex(), "interface " + info.interfaceIndex());
    }

    private Report dump(Path pin) throws IOException {
        try (BpfMap map = BpfMap.openPinnedReadOnly(bpf, pin)) {
            MapInfo info = map.info();
            Btf btf = map.btf().orElse(null);
            Report report = new Report("key", "value");
            map.typed(Codec.bytes(map.keyBytes()), Codec.bytes(map.valueBytes()))
                    .forEach((key, value) -> {
                        Object shownKey = show(btf, info.btfKeyTypeId(), key);
                        report.add(
                                shownKey,
                                map.isPerCpu() ? perCpu(btf, info, value) : show(btf, info.btfValueTypeId(), value));
                    });
            return report;
        }
    }

    private static Object perCpu(@Nullable Btf btf, MapInfo info, byte[] values) {
        int stride = values.length / Cpus.possible();
        Map<String, Object> byCpu = new LinkedHashMap<>();
        for (int cpu = 0; cpu < Cpus.possible(); cpu++) {
            byte[] one = Arrays.copyOfRange(values, cpu * stride, cpu * stride + info.valueSize());
            byCpu.put("cpu" + cpu, show(btf, info.btfValueTypeId(), one));
        }
        return byCpu;
    }

    private static Object show(@Nullable Btf btf, int type, byte[] bytes) {
        return btf == null || type == 0
                ? HexFormat.ofDelimiter(" ").formatHex(bytes)
                : new ValueReader(btf).read(type, bytes);
    }

    private Pins pins(@Nullable Path path) throws IOException {
        Path directory = path == null ? DEFAULT_PINS : path;
        if (path == null && !Files.isDirectory(directory)) {
            return new Pins(bpf);
        }
        return new Pins(bpf).below(directory);
    }

    private Iterable<Integer> ids(BpfKind kind, @Nullable Path path, Map<Integer, List<String>> pins)
            throws SyscallException {
        return path == null ? bpf.ids(kind) : new TreeSet<>(pins.keySet());
    }

    /** Objects may go between being listed and being opened; everything else is an error. */
    private static void passOver(SyscallException e) throws SyscallException {
        if (e.errno() != Errno.ENOENT) {
            throw e;
        }
    }
}
