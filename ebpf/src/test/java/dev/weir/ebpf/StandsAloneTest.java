package dev.weir.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.Rights;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The toolkit by itself: without a word of the program that it was made for, and without its neighbour's types in ordinary work. */
class StandsAloneTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Path NEIGHBOUR = Path.of("../sys/src/main/java");
    private static final Path EXAMPLES = Path.of("src/test/java/dev/weir/ebpf/examples");
    private static final Path README = Path.of("README.md");
    private static final Path POM = Path.of("pom.xml");

    /** What leads into the neighbour on purpose, for extraordinary work. {@code XdpMode.on} and {@code Features.ofKernel} are for the ordinary. */
    private static final Set<String> DOORS =
            Set.of("fd", "info", "bpf", "adopt", "dev.weir.ebpf.probe.Features", "XdpMode.of");

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    @Test
    void noWordOfTheProgramThatItWasMadeFor() throws Exception {
        Set<String> words = new TreeSet<>();
        for (Path root : List.of(SOURCES, NEIGHBOUR)) {
            for (Path file : files(root)) {
                for (String line : Files.readAllLines(file)) {
                    if (line.replace("dev.weir", "")
                            .toLowerCase(java.util.Locale.ROOT)
                            .contains("weir")) {
                        words.add(file.getFileName() + ": " + line.strip());
                    }
                }
            }
        }
        assertThat(words).isEmpty();
    }

    @Test
    void examplesNeedNothingOfTheNeighbour() throws Exception {
        for (Path file : files(EXAMPLES)) {
            assertThat(Files.readString(file)).as(file.toString()).doesNotContain("dev.weir.sys");
        }
    }

    /** A method with a type of the neighbour has a twin of the same name without, or is one of the doors. */
    @Test
    void ordinaryWorkNeedsNoTypeOfTheNeighbour() throws Exception {
        Set<String> alone = new TreeSet<>();
        for (Class<?> type : exported()) {
            List<Executable> members = new ArrayList<>(Arrays.asList(type.getDeclaredMethods()));
            members.addAll(Arrays.asList(type.getDeclaredConstructors()));
            for (Executable member : members) {
                if (isOffered(member) && namesNeighbour(member) && !isDoor(type, member)) {
                    boolean twin = members.stream()
                            .anyMatch(other -> isOffered(other)
                                    && other.getName().equals(member.getName())
                                    && !namesNeighbour(other));
                    if (!twin) {
                        alone.add(type.getSimpleName() + '.' + member.getName());
                    }
                }
            }
        }
        assertThat(alone).isEmpty();
    }

    private static List<Class<?>> exported() throws Exception {
        List<String> packages = Files.readAllLines(SOURCES.resolve("module-info.java")).stream()
                .filter(line -> line.strip().startsWith("exports "))
                .map(line -> line.strip().substring("exports ".length()).replace(";", ""))
                .toList();
        List<Class<?>> classes = new ArrayList<>();
        for (Path file : files(SOURCES)) {
            String name = SOURCES.relativize(file).toString().replace('/', '.').replace(".java", "");
            if (name.contains(".")
                    && packages.contains(name.substring(0, name.lastIndexOf('.')))
                    && !name.contains("-")) {
                Class<?> type = Class.forName(name, false, StandsAloneTest.class.getClassLoader());
                if (Modifier.isPublic(type.getModifiers())) {
                    classes.add(type);
                    classes.addAll(Arrays.stream(type.getDeclaredClasses())
                            .filter(inner -> Modifier.isPublic(inner.getModifiers()))
                            .toList());
                }
            }
        }
        assertThat(classes).hasSizeGreaterThan(50);
        return classes;
    }

    private static boolean isDoor(Class<?> type, Executable member) {
        return DOORS.contains(member.getName()) || DOORS.contains(type.getSimpleName() + '.' + member.getName());
    }

    private static boolean isOffered(Executable member) {
        return Modifier.isPublic(member.getModifiers()) && !member.isSynthetic();
    }

    private static boolean namesNeighbour(Executable member) {
        Stream<Class<?>> types = Arrays.stream(member.getParameterTypes());
        if (member instanceof Method method) {
            types = Stream.concat(types, Stream.of(method.getReturnType()));
        }
        return types.anyMatch(type -> type.getName().startsWith("dev.weir.sys."));
    }

    /** The sample of the README as it stands there, started as it says. */
    @Test
    void theSampleOfTheReadmeRuns() throws Exception {
        Rights.assumeRoot();
        String readme = Files.readString(README);
        int start = readme.indexOf("```java\n") + "```java\n".length();
        String sample = readme.substring(start, readme.indexOf("```", start));
        Path directory = Files.createTempDirectory("sample");
        Path source = Files.writeString(directory.resolve("Count.java"), sample);
        Path object = Files.write(directory.resolve("count.bpf.o"), TestObjects.bytes("examples/count"));
        try {
            KernelSandbox.run(sandbox -> {
                Process process = new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                source.toString(),
                                object.toString(),
                                "lo")
                        .redirectErrorStream(true)
                        .start();
                try (BufferedReader out = process.inputReader();
                        Writer in = process.outputWriter()) {
                    assertThat(out.readLine()).isEqualTo("counting on lo until Enter");
                    send(5);
                    in.write("\n");
                    in.flush();
                    assertThat(out.readLine()).isEqualTo("protocol 17: 5 packets");
                    assertThat(process.waitFor()).isZero();
                }
                process.getErrorStream().close();
            });
        } finally {
            Files.delete(source);
            Files.delete(object);
            Files.delete(directory);
        }
    }

    private static void send(int count) throws IOException {
        InetAddress address = InetAddress.ofLiteral("127.0.0.1");
        try (DatagramSocket from = new DatagramSocket(0, address);
                DatagramSocket to = new DatagramSocket(0, address)) {
            for (int i = 0; i < count; i++) {
                from.send(new DatagramPacket(new byte[] {1}, 1, address, to.getLocalPort()));
            }
        }
    }

    /** Those who look for it find what it is, whose it is, and how it may be used, without the parent. */
    @Test
    void thePomSaysWhatPublishingNeeds() throws Exception {
        String pom = Files.readString(POM);
        assertThat(pom)
                .contains("<version>", "<name>", "<description>", "<licenses>", "<developers>", "<inceptionYear>");
        String readme = Files.readString(README);
        String own = pom.substring(pom.indexOf("<artifactId>weir-ebpf</artifactId>"));
        String version = own.substring(own.indexOf("<version>") + "<version>".length(), own.indexOf("</version>"));
        assertThat(readme).contains("<version>" + version + "</version>");
        assertThat(Files.readString(SOURCES.resolve("module-info.java"))).contains("requires transitive dev.weir.sys;");
        assertThat(own).contains("<artifactId>weir-sys</artifactId>");
    }
}
