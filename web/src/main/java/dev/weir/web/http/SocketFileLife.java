package dev.weir.web.http;

import dev.weir.config.web.WebAddress.SocketFile;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A socket's file from its beginning to its end. It is bound under another name beside its own, and gets its own when its mode and owners are right,
 * so that nobody connects before. What a process that was killed has left is taken away; a file of anybody else's never is, whether somebody
 * listens there or it is no socket at all.
 */
final class SocketFileLife {
    private static final int TYPE = 0170000;
    private static final int SOCKET = 0140000;

    private final SocketFile spec;
    private final Path path;
    private final Path begun;
    private @Nullable Object identity;

    SocketFileLife(SocketFile spec) {
        this.spec = spec;
        this.path = Path.of(spec.path());
        this.begun = Path.of(spec.path() + ".new-" + ProcessHandle.current().pid());
    }

    SocketFile spec() {
        return spec;
    }

    /** Where the socket is to be bound. @throws IOException if something is at its place that is not ours to take away */
    UnixDomainSocketAddress begin() throws IOException {
        clear(path);
        clear(begun);
        return UnixDomainSocketAddress.of(begun);
    }

    /** Takes away a socket at which nobody listens. */
    private static void clear(Path file) throws IOException {
        try {
            int mode = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if ((mode & TYPE) != SOCKET) {
                throw new FileAlreadyExistsException(file.toString(), null, "it is no socket");
            }
        } catch (NoSuchFileException e) {
            return;
        }
        if (isHeard(file)) {
            throw new FileAlreadyExistsException(file.toString(), null, "another process listens there");
        }
        Files.delete(file);
    }

    /** Whether somebody listens, also where more wait to be let in than there is room for, or where we may not ask. */
    private static boolean isHeard(Path file) throws IOException {
        try (SocketChannel visitor = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            visitor.configureBlocking(false);
            var _ = visitor.connect(UnixDomainSocketAddress.of(file));
            return true;
        } catch (ConnectException nobodyListens) {
            return false;
        } catch (SocketException noRoomOrNoRight) {
            return true;
        }
    }

    /** The socket is bound: makes it public. @throws IOException if its owners are not known, or may not be set */
    void publish() throws IOException {
        PosixFileAttributeView file = Files.getFileAttributeView(begun, PosixFileAttributeView.class);
        UserPrincipalLookupService people = begun.getFileSystem().getUserPrincipalLookupService();
        file.setPermissions(spec.permissions());
        if (!spec.group().isEmpty()) {
            file.setGroup(people.lookupPrincipalByGroupName(spec.group()));
        }
        if (!spec.owner().isEmpty()) {
            file.setOwner(people.lookupPrincipalByName(spec.owner()));
        }
        identity = identityOf(begun);
        // Unlike a file that is renamed, a link takes nobody's place.
        Files.createLink(path, begun);
        Files.delete(begun);
    }

    private static @Nullable Object identityOf(Path file) throws IOException {
        return Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /** Takes the file away, unless another has taken its place. */
    void end() {
        try {
            if (identity != null && Objects.equals(identity, identityOf(path))) {
                Files.delete(path);
            }
        } catch (IOException e) {
            // It is gone, or belongs to whom we were when it was made: the next start takes it away.
        }
    }
}
