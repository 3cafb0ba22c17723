package dev.weir.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Certificates and keys made by openssl(1) when a test runs, in a directory of their own. */
public final class TestCertificates implements AutoCloseable {
    private final TempDirectory directory = TempDirectory.create("weir-certificates");

    /**
     * A certificate that signs itself, with its key.
     *
     * @param certificate file of PEM blocks
     * @param key file of a PEM block
     */
    public record Pair(Path certificate, Path key) {}

    /** One with an elliptic curve's key for these names and for 127.0.0.1. */
    public Pair make(String file, String... names) {
        return make(file, List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"), names);
    }

    /** One with a key of RSA. */
    public Pair makeRsa(String file, String... names) {
        return make(file, List.of("-newkey", "rsa:2048"), names);
    }

    private Pair make(String file, List<String> kind, String... names) {
        Path certificate = path(file + ".pem");
        Path key = path(file + ".key");
        String alternatives = Arrays.stream(names).map(name -> "DNS:" + name).collect(Collectors.joining(","));
        List<String> command = new ArrayList<>(List.of("req", "-x509", "-nodes", "-days", "2"));
        command.addAll(kind);
        command.addAll(List.of("-keyout", key.toString(), "-out", certificate.toString(), "-subj", "/CN=" + names[0]));
        command.addAll(List.of("-addext", "subjectAltName=" + alternatives + ",IP:127.0.0.1"));
        openssl(command.toArray(String[]::new));
        return new Pair(certificate, key);
    }

    /** A file of this name beside the certificates. */
    public Path path(String name) {
        return directory.path().resolve(name);
    }

    /** Runs openssl(1). */
    public String openssl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(Arrays.asList(arguments));
        ChildProcess.Outcome outcome = ChildProcess.run(directory.path(), command, "", Await.PATIENCE);
        if (outcome.status() != 0) {
            throw new AssertionError(command + ": " + outcome.output());
        }
        return outcome.stdout();
    }

    /** Whether a file is there and holds something. */
    public boolean has(String name) {
        return Files.exists(path(name)) && path(name).toFile().length() > 0;
    }

    @Override
    public void close() {
        directory.close();
    }
}
