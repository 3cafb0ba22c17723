package dev.weir.app;

import dev.weir.config.LinuxCapability;
import dev.weir.engine.log.Log;
import dev.weir.sys.Capabilities;
import dev.weir.sys.Credentials;
import dev.weir.sys.Prctl;
import dev.weir.sys.SyscallException;
import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The user and group that Weir becomes once its ports are bound ({@code --uid}, {@code --gid}), and the capabilities that it keeps. */
final class Identity {
    private static final Path PASSWD = Path.of("/etc/passwd");
    private static final Path GROUP = Path.of("/etc/group");
    private static final int ID_FIELD = 2;

    private Identity() {}

    /**
     * Changes group, then user, for each that is given, and gives up all capabilities but those, in all threads. What was not there before isn't
     * there afterwards either, which is said.
     */
    static void assume(@Nullable String user, @Nullable String group, Set<LinuxCapability> retained)
            throws StartException {
        try {
            Capabilities there = Capabilities.ofThread();
            Capabilities kept = kept(there, retained);
            if (user != null || group != null || !there.equals(kept)) {
                openClassPath();
            }
            if (group != null) {
                Credentials.setGroup(id(group, GROUP));
            }
            if (user != null) {
                if (!kept.equals(Capabilities.NONE)) {
                    Prctl.keepCapabilitiesOfProcess();
                }
                Credentials.setUser(id(user, PASSWD));
            }
            if (!Capabilities.ofThread().equals(kept)) {
                kept.applyToProcess();
            }
        } catch (SyscallException e) {
            throw new StartException("Unable to change user, group or capabilities", "error", e.getMessage());
        }
    }

    private static Capabilities kept(Capabilities there, Set<LinuxCapability> retained) {
        long bits = 0;
        for (LinuxCapability capability : retained) {
            long bit = 1L << capability.ordinal();
            if ((there.permitted() & bit) == 0) {
                Log.warning("A capability cannot be kept: it is not there", "setup", "capability", capability);
            }
            bits |= there.permitted() & bit;
        }
        return new Capabilities(bits, bits, 0);
    }

    /**
     * Has the JVM open all jars: it does so when it first looks for something in one, and keeps them open, for classes and for other files apart.
     * The new user may not be allowed to read where they lie, such as below a home of mode 0700.
     */
    private static void openClassPath() throws StartException {
        String[] entries = System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1);
        if (Arrays.stream(entries).map(Path::of).allMatch(Identity::isReadableByAll)) {
            return;
        }
        // What is nowhere is looked for everywhere.
        var _ = ClassLoader.getSystemResource("nowhere");
        for (String entry : entries) {
            if (entry.endsWith(".jar")) {
                try {
                    URL files =
                            URI.create("jar:" + Path.of(entry).toUri() + "!/").toURL();
                    var _ = ((JarURLConnection) files.openConnection()).getJarFile();
                } catch (IOException e) {
                    throw new StartException("Unable to read the program", "path", entry, "error", e.getMessage());
                }
            }
        }
    }

    /** Whether every user may read a file and search the directories above it. */
    private static boolean isReadableByAll(Path entry) {
        try {
            Path real = entry.toRealPath();
            PosixFilePermission wanted = PosixFilePermission.OTHERS_READ;
            for (Path each = real; each != null; each = each.getParent(), wanted = PosixFilePermission.OTHERS_EXECUTE) {
                if (!Files.getPosixFilePermissions(each).contains(wanted)) {
                    return false;
                }
            }
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** A number as it is, a name as the file has it. */
    static int id(String nameOrNumber, Path database) throws StartException {
        try {
            return Integer.parseUnsignedInt(nameOrNumber);
        } catch (NumberFormatException e) {
            // Not a number, so it is a name.
        }
        try {
            for (String line : Files.readAllLines(database)) {
                String[] fields = line.split(":", ID_FIELD + 2);
                if (fields.length > ID_FIELD && fields[0].equals(nameOrNumber)) {
                    return Integer.parseUnsignedInt(fields[ID_FIELD]);
                }
            }
        } catch (IOException | NumberFormatException e) {
            throw new StartException("Unable to read users and groups", "path", database, "error", e.getMessage());
        }
        throw new StartException("No such user or group", "name", nameOrNumber, "path", database);
    }
}
