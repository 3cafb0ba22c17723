package dev.weir.gate.guard;

import dev.weir.ebpf.link.BpfLink;
import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.prog.Program;
import dev.weir.gate.GuardOptions;
import dev.weir.sys.Bpf;
import dev.weir.sys.LinkInfo;
import dev.weir.sys.ProgInfo;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The guard of one device as its pins tell, whatever a process that died left of them: the link says which program runs, and the pins are asked
 * which of them that is.
 */
final class PinnedGuard implements AutoCloseable {
    private final GuardPins pins;
    private final String device;
    private @Nullable BpfLink link;
    private @Nullable Program program;
    private @Nullable Path programPin;
    private @Nullable BpfMap stats;
    private @Nullable Path statsPin;
    private int deviceIndex;
    private int programId;

    private PinnedGuard(GuardPins pins, String device) {
        this.pins = pins;
        this.device = device;
    }

    static PinnedGuard open(Bpf bpf, GuardPins pins, String device) throws IOException {
        PinnedGuard guard = new PinnedGuard(pins, device);
        try {
            guard.open(bpf);
            return guard;
        } catch (IOException | RuntimeException e) {
            guard.close();
            throw e;
        }
    }

    private void open(Bpf bpf) throws IOException {
        if (!Files.exists(pins.link(device))) {
            return;
        }
        link = BpfLink.openPinned(bpf, pins.link(device));
        LinkInfo info = link.info();
        programId = info.programId();
        deviceIndex = info.interfaceIndex();
        if (deviceIndex == 0) {
            return;
        }
        for (Path pin : List.of(pins.program(device), pins.nextProgram(device))) {
            if (program == null && Files.exists(pin)) {
                Program candidate = Program.openPinned(bpf, pin);
                if (candidate.info().id() == programId) {
                    program = candidate;
                    programPin = pin;
                } else {
                    candidate.close();
                }
            }
        }
        if (program == null) {
            program = byId(bpf, programId);
        }
        if (program != null) {
            openStats(bpf, program.info());
        }
    }

    private void openStats(Bpf bpf, ProgInfo running) throws IOException {
        for (Path pin : List.of(pins.stats(device), pins.nextStats(device))) {
            if (stats == null && Files.exists(pin)) {
                BpfMap candidate = BpfMap.openPinned(bpf, pin);
                if (running.mapIds().contains(candidate.info().id())) {
                    stats = candidate;
                    statsPin = pin;
                } else {
                    candidate.close();
                }
            }
        }
    }

    /** Needs CAP_SYS_ADMIN, which guards do not: without it there is no program to ask. */
    private static @Nullable Program byId(Bpf bpf, int id) {
        try {
            return Program.open(bpf, id);
        } catch (SyscallException e) {
            return null;
        }
    }

    /** Returns the link, if it still holds a program on a device. */
    @Nullable BpfLink link() {
        return deviceIndex == 0 ? null : link;
    }

    /** Returns whether there is anything pinned at all, be it of no use. */
    boolean hasLinkPin() {
        return link != null;
    }

    /** Returns the program that runs, if its pin or the kernel gives it away. */
    @Nullable Program program() {
        return program;
    }

    /** Returns the counters of the program that runs. */
    @Nullable BpfMap stats() {
        return stats;
    }

    /** Returns what the program that runs was told; the default if there is none, or nobody wrote it down. */
    GuardOptions options() throws IOException {
        GuardOptions known = knownOptions();
        return known == null ? GuardOptions.DEFAULT : known;
    }

    /** Returns what the program that runs was told; null if there is none, or nobody wrote it down: older versions did not. */
    @Nullable GuardOptions knownOptions() throws IOException {
        boolean next = pins.nextProgram(device).equals(programPin);
        Path pin = next && Files.isSymbolicLink(pins.nextOptions(device))
                ? pins.nextOptions(device)
                : pins.options(device);
        return link() == null || !Files.isSymbolicLink(pin)
                ? null
                : GuardOptions.parse(Files.readSymbolicLink(pin).toString());
    }

    /** Returns the id of the program that the link holds, 0 without a link. */
    int programId() {
        return programId;
    }

    /** Returns the device that the link is on, 0 if it is on none. */
    int deviceIndex() {
        return deviceIndex;
    }

    /** Gives what runs its final names, and takes those away that a process left which died before anything ran under them. */
    void settle() throws IOException {
        if (pins.nextProgram(device).equals(programPin)) {
            if (Files.isSymbolicLink(pins.nextOptions(device))) {
                move(pins.nextOptions(device), pins.options(device));
            }
            if (Files.exists(pins.nextChain(device))) {
                move(pins.nextChain(device), pins.chain(device));
            }
            programPin = pins.program(device);
            move(pins.nextProgram(device), pins.program(device));
        }
        if (pins.nextStats(device).equals(statsPin)) {
            move(pins.nextStats(device), pins.stats(device));
        }
        Files.deleteIfExists(pins.nextChain(device));
        Files.deleteIfExists(pins.nextOptions(device));
        Files.deleteIfExists(pins.nextProgram(device));
        Files.deleteIfExists(pins.nextStats(device));
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        if (stats != null) {
            stats.close();
        }
        if (program != null) {
            program.close();
        }
        if (link != null) {
            link.close();
        }
    }
}
