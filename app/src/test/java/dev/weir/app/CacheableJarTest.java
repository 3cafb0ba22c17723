package dev.weir.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.luaj.vm2.LuaValue;

/** The jars as they are shipped: the build's rewriting must leave each class one that the JVM's verifier accepts. */
@Timeout(300)
class CacheableJarTest {
    /** The JVMS's version 50: from it on the start-up cache takes classes. */
    private static final int FIRST_CACHEABLE = 50;

    /** Uses the library BCEL, which LuaJ leaves to its users to provide. Compiles Lua to class files; Weir does not. */
    private static final String WITHOUT_ITS_LIBRARY = "org.luaj.vm2.luajc.JavaBuilder";

    @TempDir
    private Path directory;

    @Test
    void rewrittenClassesPassTheVerifier() throws Exception {
        Path original = Path.of(LuaValue.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path rewritten = directory.resolve("luaj.jar");
        Files.copy(original, rewritten);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        Path.of("src/main/aot/CacheableJar.java")
                                .toAbsolutePath()
                                .toString(),
                        rewritten.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();

        assertThat(oldClasses(original)).hasSizeGreaterThan(300);
        assertThat(oldClasses(rewritten)).containsExactly(WITHOUT_ITS_LIBRARY);
        assertThat(classes(rewritten)).isEqualTo(classes(original));
        assertThat(unlinkable(rewritten)).isEqualTo(unlinkable(original)).contains(WITHOUT_ITS_LIBRARY);
    }

    private static List<String> classes(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return Collections.list(file.entries()).stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
    }

    private static List<String> oldClasses(Path jar) throws IOException {
        List<String> result = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (String name : classes(jar)) {
                byte[] start = file.getInputStream(file.getJarEntry(name.replace('.', '/') + ".class"))
                        .readNBytes(8);
                if (ByteBuffer.wrap(start).getShort(6) < FIRST_CACHEABLE) {
                    result.add(name);
                }
            }
        }
        return result;
    }

    /** The classes that the JVM does not link, which is when it verifies them. */
    private static Set<String> unlinkable(Path jar) throws Exception {
        Set<String> result = new TreeSet<>();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
            for (String name : classes(jar)) {
                try {
                    // Links without running static initialisers.
                    assertThat(Class.forName(name, false, loader).getDeclaredMethods())
                            .isNotNull();
                } catch (NoClassDefFoundError e) {
                    result.add(name);
                }
            }
        }
        return result;
    }
}
