import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

/**
 * {@code java LeanJar.java JAR...}: takes the signatures off jars, so that a start-up cache can hold their classes, which HotSpot's class data
 * sharing leaves out of signed ones; and what manifests say to OSGi, which the JVM reads at each start all the same, up to 37 KB a jar. Everything
 * else stays as it is. A jar is replaced as a whole or, after an error, not at all.
 */
final class LeanJar {
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|DSA|RSA|EC)");

    private static final Pattern OSGI = Pattern.compile("(Bundle|Import|Export|Private|Require|Provide|Include|Bnd|DynamicImport)-.*|Tool|Created-By");

    private LeanJar() {}

    public static void main(String[] arguments) throws IOException {
        for (String jar : arguments) {
            rewrite(Path.of(jar));
        }
    }

    private static void rewrite(Path jar) throws IOException {
        Path rewritten = Files.createTempFile(jar.toAbsolutePath().getParent(), "rewritten", ".tmp");
        try {
            try (JarFile in = new JarFile(jar.toFile(), false);
                    OutputStream file = Files.newOutputStream(rewritten);
                    JarOutputStream out = new JarOutputStream(file)) {
                copy(in, out);
            }
            Files.setPosixFilePermissions(rewritten, Files.getPosixFilePermissions(jar));
            Files.move(rewritten, jar, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(rewritten);
        }
    }

    private static void copy(JarFile in, JarOutputStream out) throws IOException {
        for (JarEntry entry : Collections.list(in.entries())) {
            String name = entry.getName();
            if (SIGNATURE.matcher(name).matches()) {
                continue;
            }
            JarEntry copy = new JarEntry(name);
            copy.setTime(entry.getTime());
            out.putNextEntry(copy);
            if (name.equals(JarFile.MANIFEST_NAME)) {
                lean(in.getManifest()).write(out);
            } else {
                in.getInputStream(entry).transferTo(out);
            }
        }
    }

    /** The manifest without its sections on single entries, which hold their digests, and without what is for OSGi. */
    private static Manifest lean(Manifest manifest) {
        Manifest result = new Manifest();
        result.getMainAttributes().putAll(manifest.getMainAttributes());
        result.getMainAttributes().keySet().removeIf(key -> OSGI.matcher(key.toString()).matches());
        return result;
    }
}
