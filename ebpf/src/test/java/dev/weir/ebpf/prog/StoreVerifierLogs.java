package dev.weir.ebpf.prog;

import dev.weir.ebpf.BpfObject;
import dev.weir.ebpf.TestObjects;
import dev.weir.ebpf.elf.ObjectSpec;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes what this kernel's verifier says of each broken program into a directory: how the stored logs are made. */
final class StoreVerifierLogs {
    private StoreVerifierLogs() {}

    public static void main(String[] args) throws Exception {
        ObjectSpec spec = TestObjects.spec("objects/broken");
        for (ProgramSpec program : spec.programs()) {
            try (BpfObject object = BpfObject.load(spec.withOnly(program.name()))) {
                System.out.println(program.name() + " was accepted: " + object.programs());
            } catch (VerifierException e) {
                Files.writeString(Path.of(args[0], program.name() + ".log"), tail(e.log()));
                System.out.println(program.name() + ".log\t" + e.summary());
            }
        }
        ProgramSpec proprietary = new ProgramSpec("closed", ProgramType.KPROBE, "Proprietary", new byte[] {
            (byte) 0x85, 0, 0, 0, 4, 0, 0, 0, (byte) 0xb7, 0, 0, 0, 0, 0, 0, 0, (byte) 0x95, 0, 0, 0, 0, 0, 0, 0
        });
        store(args[0], proprietary);
        store(args[0], new ProgramSpec("no_exit", ProgramType.XDP, "GPL", new byte[] {(byte) 0xb7, 0, 0, 0, 0, 0, 0, 0
        }));
        store(args[0], new ProgramSpec("no_return_value", ProgramType.XDP, "GPL", new byte[] {
            (byte) 0x95, 0, 0, 0, 0, 0, 0, 0
        }));
    }

    /** The trace of a program that is too large fills any buffer; its end says enough. */
    private static String tail(String log) {
        java.util.List<String> lines = log.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size())) + "\n";
    }

    private static void store(String directory, ProgramSpec spec) throws Exception {
        try (Program program = Program.load(spec)) {
            System.out.println(program + " was accepted");
        } catch (VerifierException e) {
            Files.writeString(Path.of(directory, spec.name() + ".log"), e.log());
            System.out.println(spec.name() + ".log\t" + e.summary());
        }
    }
}
