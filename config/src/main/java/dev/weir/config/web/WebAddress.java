package dev.weir.config.web;

import dev.weir.engine.acl.Endpoint;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Where the web server listens. */
public sealed interface WebAddress {
    /** An address and a port; who may connect is up to the ACL. */
    record Internet(Endpoint endpoint) implements WebAddress {
        @Override
        public String toString() {
            return endpoint.toString();
        }
    }

    /**
     * A socket in the file system; who may connect is up to the file's mode and owners, and those of its directory.
     *
     * @param path absolute
     * @param mode as of chmod(2): who may write may connect
     * @param owner a user's name, or empty for that of the process
     * @param group a group's name, or empty for that of the process
     */
    record SocketFile(String path, int mode, String owner, String group) implements WebAddress {
        /** The user and the group that Weir runs as when it listens. */
        public static final int DEFAULT_MODE = 0660;

        private static final PosixFilePermission[] BITS = {
            PosixFilePermission.OTHERS_EXECUTE,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_READ
        };

        /** Whether a text is a path, not an address. */
        public static boolean isPath(String text) {
            return text.startsWith("/");
        }

        /** The mode's bits. */
        public Set<PosixFilePermission> permissions() {
            Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
            for (int bit = 0; bit < BITS.length; bit++) {
                if ((mode >> bit & 1) != 0) {
                    permissions.add(BITS[bit]);
                }
            }
            return permissions;
        }

        /** The path; the rest as far as it is not as usual. */
        @Override
        public String toString() {
            return path
                    + (mode == DEFAULT_MODE ? "" : " mode=0" + Integer.toOctalString(mode))
                    + (owner.isEmpty() ? "" : " owner=" + owner)
                    + (group.isEmpty() ? "" : " group=" + group);
        }
    }
}
