import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
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
 * {@code java CacheableJar.java JAR...}: rewrites jars so that a start-up cache can hold their classes. HotSpot's class data sharing
 * leaves out
 *
 * <ul>
 *   <li>classes of versions below 50, which its old verifier checks, and with them every class that extends one: their version is
 *       raised, and the stack maps that version 51 requires (JVMS 4.10) are generated. Instructions and members stay what they were.
 *       A class that cannot be raised, as the {@code jsr} instruction ends with version 50, is named on standard output and copied;
 *   <li>classes of signed jars: the signature is taken off, which a rewritten jar has to lose anyway.
 * </ul>
 *
 * <p>A jar is replaced as a whole or, after an error, not at all.
 */
final class CacheableJar {
    private static final int FIRST_WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|DSA|RSA|EC)");
    private static final int RAISED = ClassFile.JAVA_21_VERSION;

    /** Passes on all but the version. Naming the code makes the library write it anew, with stack maps. */
    private static final ClassTransform RAISE = ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
            .andThen((builder, element) -> {
                if (element instanceof ClassFileVersion) {
                    builder.withVersion(RAISED, 0);
                } else {
                    builder.with(element);
                }
            });

    private final ClassFile classFile;

    private CacheableJar(ClassLoader classes) {
        classFile = ClassFile.of(
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                // An unrelated constant pool: a shared one lets unchanged methods through as they are, without stack maps.
                ClassFile.ConstantPoolSharingOption.NEW_POOL,
                ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(classes)
                        .orElse(ClassHierarchyResolver.defaultResolver())));
    }

    public static void main(String[] arguments) throws IOException {
        for (String jar : arguments) {
            rewrite(Path.of(jar));
        }
    }

    private static void rewrite(Path jar) throws IOException {
        Path rewritten = Files.createTempFile(jar.toAbsolutePath().getParent(), "rewritten", ".tmp");
        try {
            try (URLClassLoader classes = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                    JarFile in = new JarFile(jar.toFile());
                    OutputStream file = Files.newOutputStream(rewritten);
                    JarOutputStream out = new JarOutputStream(file)) {
                new CacheableJar(classes).copy(in, out);
            }
            Files.setPosixFilePermissions(rewritten, Files.getPosixFilePermissions(jar));
            Files.move(rewritten, jar, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(rewritten);
        }
    }

    private void copy(JarFile in, JarOutputStream out) throws IOException {
        for (JarEntry entry : Collections.list(in.entries())) {
            String name = entry.getName();
            if (SIGNATURE.matcher(name).matches()) {
                continue;
            }
            JarEntry copy = new JarEntry(name);
            copy.setTime(entry.getTime());
            out.putNextEntry(copy);
            if (name.equals(JarFile.MANIFEST_NAME)) {
                unsigned(in.getManifest()).write(out);
            } else {
                byte[] content = in.getInputStream(entry).readAllBytes();
                out.write(isOldClass(name, content) ? raised(name, content) : content);
            }
        }
    }

    /** The manifest without its sections on single entries, which hold their digests. */
    private static Manifest unsigned(Manifest manifest) {
        Manifest result = new Manifest();
        result.getMainAttributes().putAll(manifest.getMainAttributes());
        return result;
    }

    /** JVMS 4.1: magic, minor_version, major_version. */
    private static boolean isOldClass(String name, byte[] content) {
        return name.endsWith(".class") && ByteBuffer.wrap(content).getShort(6) < FIRST_WITH_STACK_MAPS;
    }

    private byte[] raised(String name, byte[] content) {
        try {
            return classFile.transformClass(classFile.parse(content), RAISE);
        } catch (IllegalArgumentException e) {
            System.out.println(name + " stays: " + e.getMessage());
            return content;
        }
    }
}
