package dev.weir.net.tls;

import dev.weir.engine.listen.CertificateSpec;
import dev.weir.engine.log.FileTrouble;
import dev.weir.engine.log.Log;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * A certificate with its chain and its key, read and found to belong together.
 *
 * @param key as PKCS#8 has it (RFC 5958): the JDK takes its time to parse one, which only its own TLS and QUIC need
 * @param keyPlace where the key was found, for messages
 * @param names that it holds for, in lower case; may begin with {@code *.}
 */
record ServerCertificate(byte[] key, String keyPlace, List<X509Certificate> chain, Set<String> names) {
    private static final int DNS_NAME = 2;

    /**
     * Reads the files.
     *
     * @param library what may say whether key and certificate belong together; the JDK can, too, but its first signature takes long
     * @throws IOException naming file and line
     */
    static ServerCertificate read(CertificateSpec spec, TlsLibrary library) throws IOException {
        byte[] file = contents("certificate", spec.certificate());
        ServerCertificate read =
                spec.key().isEmpty() && !PemBlock.isPem(file) ? fromStore(spec, file) : fromBlocks(spec, file);
        X509Certificate own = read.chain.getFirst();
        boolean fits = library.takes(read)
                || PrivateKeys.belongTogether(read.privateKey(), own.getPublicKey(), read.keyPlace());
        if (!fits) {
            throw new IOException("the key in '" + (spec.key().isEmpty() ? spec.certificate() : spec.key())
                    + "' does not belong to the certificate in '" + spec.certificate() + "'");
        }
        Instant until = own.getNotAfter().toInstant();
        if (until.isBefore(Instant.now())) {
            Log.warning("A certificate has expired", "net", "path", spec.certificate(), "expired", until);
        }
        return read;
    }

    /** The key as the JDK has it. */
    PrivateKey privateKey() throws IOException {
        return PrivateKeys.parse(key, keyPlace);
    }

    /**
     * What a file holds.
     *
     * @param what it should be, for the message
     */
    static byte[] contents(String what, String path) throws IOException {
        try {
            return Files.readAllBytes(Path.of(path));
        } catch (NoSuchFileException e) {
            throw new IOException(what + " file '" + path + "': no such file", e);
        } catch (IOException e) {
            throw new IOException(what + " file '" + path + "' can't be read: " + FileTrouble.of(e), e);
        }
    }

    private static ServerCertificate fromBlocks(CertificateSpec spec, byte[] file) throws IOException {
        List<X509Certificate> chain = certificates(spec.certificate(), file);
        if (chain.isEmpty()) {
            throw new IOException("certificate file '" + spec.certificate() + "': there is no certificate in it");
        }
        String keyPath = spec.key().isEmpty() ? spec.certificate() : spec.key();
        byte[] keyFile = spec.key().isEmpty() ? file : contents("key", keyPath);
        try {
            for (PemBlock block : PemBlock.parse(keyFile)) {
                if (PrivateKeys.isKey(block)) {
                    String place = "key file '" + keyPath + "', " + PrivateKeys.place(block);
                    return new ServerCertificate(PrivateKeys.pkcs8(block), place, chain, namesOf(chain.getFirst()));
                }
            }
        } catch (IOException e) {
            throw new IOException("key file '" + keyPath + "', " + e.getMessage(), e);
        }
        throw new IOException("key file '" + keyPath + "': there is no key in it");
    }

    /** The certificates in a file of PEM blocks. */
    static List<X509Certificate> certificates(String path, byte[] file) throws IOException {
        List<X509Certificate> all = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (PemBlock block : PemBlock.parse(file)) {
                if (block.label().endsWith("CERTIFICATE")) {
                    all.add(parse(factory, block));
                }
            }
        } catch (IOException | CertificateException e) {
            throw new IOException("certificate file '" + path + "', " + e.getMessage(), e);
        }
        return all;
    }

    private static X509Certificate parse(CertificateFactory factory, PemBlock block) throws IOException {
        try {
            return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.content()));
        } catch (CertificateException e) {
            throw new IOException("line " + block.line() + ": not a certificate: " + e.getMessage(), e);
        }
    }

    private static ServerCertificate fromStore(CertificateSpec spec, byte[] file) throws IOException {
        char[] password = spec.password().toCharArray();
        String where = "certificate file '" + spec.certificate() + "': ";
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(file), password);
            for (String alias : Collections.list(store.aliases())) {
                Key key = store.getKey(alias, password);
                Certificate[] found = store.getCertificateChain(alias);
                if (key instanceof PrivateKey own && found != null && found.length > 0) {
                    List<X509Certificate> chain = new ArrayList<>();
                    for (Certificate each : found) {
                        chain.add((X509Certificate) each);
                    }
                    return new ServerCertificate(own.getEncoded(), where, chain, namesOf(chain.getFirst()));
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IOException(where + "neither PEM nor PKCS#12 with this password: " + e.getMessage(), e);
        }
        throw new IOException(where + "there is no certificate with a key in it");
    }

    /** The names of its extension; without that, of its subject. */
    private static Set<String> namesOf(X509Certificate certificate) {
        Set<String> names = new TreeSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> each : alternatives == null ? List.<List<?>>of() : alternatives) {
                if (each.getFirst() instanceof Integer kind && kind == DNS_NAME) {
                    names.add(String.valueOf(each.get(1)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            Log.debug("Unable to read a certificate's names", "net", "error", e);
        }
        if (names.isEmpty()) {
            for (String part : certificate.getSubjectX500Principal().getName().split(",", -1)) {
                if (part.startsWith("CN=")) {
                    names.add(part.substring(3).toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }
}
