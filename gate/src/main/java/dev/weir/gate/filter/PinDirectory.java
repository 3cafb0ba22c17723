package dev.weir.gate.filter;

import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.gate.PinAccess;
import dev.weir.sys.FileSystemType;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Directories to pin in. */
final class PinDirectory {
    private PinDirectory() {}

    /**
     * Makes the directory of a pin, if it lies on a BPF file system.
     *
     * @throws KernelException UNAVAILABLE, with the command to mount one
     */
    static void prepare(Path pin) throws KernelException {
        Path parent = pin.toAbsolutePath().normalize().getParent();
        if (parent == null) {
            throw new KernelException(Reason.FAILED, "'" + pin + "' can't be the path of a pin");
        }
        Path there = existing(parent);
        try {
            if (there == null || !FileSystemType.of(there).isBpf()) {
                throw new KernelException(
                        Reason.UNAVAILABLE,
                        "unable to pin a map at " + pin + ": " + parent + " is on no BPF file system; mount one with"
                                + " 'mount -t bpf bpf /sys/fs/bpf' and pin below it");
            }
            Files.createDirectories(parent);
        } catch (AccessDeniedException e) {
            throw PinAccess.denied(parent, e);
        } catch (KernelException e) {
            throw e;
        } catch (IOException e) {
            throw new KernelException(
                    Reason.FAILED, "unable to make the directory " + parent + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable Path existing(Path directory) {
        Path there = directory;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        return there;
    }
}
