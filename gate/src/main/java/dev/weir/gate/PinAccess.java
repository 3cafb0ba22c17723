package dev.weir.gate;

import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** What to do where a directory of pins can't be made or used. */
public final class PinAccess {
    private PinAccess() {}

    /** Returns the failure to make a directory, with the commands that help: which directory is in the way decides. */
    public static KernelException denied(Path directory, IOException cause) {
        Path there = directory.toAbsolutePath().normalize();
        while (there.getParent() != null && !Files.exists(there)) {
            there = there.getParent();
        }
        boolean closed = !Files.isExecutable(there);
        String remedy = "mkdir -p " + directory + " && chown " + user() + " " + directory;
        return new KernelException(
                Reason.UNAVAILABLE,
                "unable to make the directory " + directory + ": permission denied; " + there + " is "
                        + owner(there) + (closed ? ", and nobody else may pass" : "") + "; as root: "
                        + (closed ? "chmod a+x " + there + " && " : "") + remedy
                        + " (in a systemd unit ExecStartPre=+ runs as root)",
                cause);
    }

    /** A name, or the number of a user without one. */
    private static String user() {
        try {
            String name = Files.getOwner(Path.of("/proc/self")).getName();
            return name.isEmpty() ? "USER" : name;
        } catch (IOException e) {
            return "USER";
        }
    }

    private static String owner(Path directory) {
        try {
            return Files.getOwner(directory).getName() + "'s with mode "
                    + PosixFilePermissions.toString(Files.getPosixFilePermissions(directory));
        } catch (IOException e) {
            return "somebody else's";
        }
    }
}
