package dev.weir.web.api;

import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Collectors;

/** What the API changed in the ACL, as Lua that the next start reads if the configuration includes its directory. */
final class AclFile {
    private AclFile() {}

    /** Writes the file anew, as a whole or not at all. */
    static void write(Path directory, NetmaskGroup acl) throws IOException {
        String masks = acl.masks().stream().map(Netmask::toString).collect(Collectors.joining("\", \"", "\"", "\""));
        Path made = Files.createTempFile(directory, ".acl", ".tmp");
        try {
            Files.writeString(made, "-- Written by the API, do not edit\nsetACL({" + masks + "})\n");
            var _ = Files.move(
                    made,
                    directory.resolve("acl.conf"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            var _ = Files.deleteIfExists(made);
        }
    }
}
