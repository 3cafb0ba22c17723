package dev.weir.script.object;

import dev.weir.engine.listen.CertificateSpec;
import dev.weir.engine.listen.DnscryptCertificate;
import dev.weir.engine.listen.DnscryptCertificates.Pair;
import dev.weir.engine.listen.DnscryptIssuer;
import dev.weir.engine.log.FileTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Keys and certificates of DNSCrypt in files, which hold their octets and nothing else. What can't be read says so with the file's name. */
public final class DnscryptFiles {
    /** Octets of a provider's private key. */
    public static final int PROVIDER_KEY_BYTES = 64;

    private DnscryptFiles() {}

    /** Certificates with their keys. @throws IllegalArgumentException naming the file that can't be used */
    public static List<Pair> read(List<CertificateSpec> files, DnscryptIssuer issuer) {
        List<Pair> pairs = new ArrayList<>();
        for (CertificateSpec file : files) {
            pairs.add(read(file, true, issuer));
        }
        return pairs;
    }

    /** A certificate with its key. @throws IllegalArgumentException naming the file that can't be used */
    public static Pair read(CertificateSpec file, boolean active, DnscryptIssuer issuer) {
        byte[] octets = octets(file.certificate());
        DnscryptCertificate certificate;
        try {
            certificate = DnscryptCertificate.parse(octets);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + file.certificate() + "': " + e.getMessage(), e);
        }
        byte[] key = key(file.key(), DnscryptCertificate.KEY_BYTES);
        if (!issuer.belongs(certificate, key)) {
            throw new IllegalArgumentException("'" + file.key() + "' is not the key of '" + file.certificate() + "'");
        }
        return new Pair(certificate, key, active);
    }

    /** A key of so many octets. @throws IllegalArgumentException naming the file if it holds none */
    public static byte[] key(String file, int length) {
        byte[] key = octets(file);
        if (key.length != length) {
            throw new IllegalArgumentException(
                    "'" + file + "': a key has " + length + " octets, and this has " + key.length);
        }
        return key;
    }

    private static byte[] octets(String file) {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("can't read '" + file + "': " + FileTrouble.of(e), e);
        }
    }

    /** Whether there are files of these names. */
    public static boolean exist(String file, String other) {
        return Files.exists(Path.of(file)) && Files.exists(Path.of(other));
    }

    /** Writes what everybody may know. */
    public static void write(String file, byte[] octets) {
        try {
            Files.write(Path.of(file), octets);
        } catch (IOException e) {
            throw new IllegalArgumentException("can't write '" + file + "': " + FileTrouble.of(e), e);
        }
    }

    /** Writes what nobody but the owner may read. */
    public static void writeSecret(String file, byte[] octets) {
        FileAttribute<?> owners = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            Path path = Path.of(file);
            Files.deleteIfExists(path);
            Files.write(Files.createFile(path, owners), octets);
        } catch (IOException e) {
            throw new IllegalArgumentException("can't write '" + file + "': " + FileTrouble.of(e), e);
        }
    }
}
