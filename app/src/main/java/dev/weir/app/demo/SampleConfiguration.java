package dev.weir.app.demo;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The configuration that the demo runs, as a file in a new temporary directory that only its owner can enter, for it holds the
 * console's key.
 */
public final class SampleConfiguration implements AutoCloseable {
    private static final String FILE_NAME = "demo.conf";

    private final Path directory;
    private final Places places;

    private SampleConfiguration(Path directory, Places places) {
        this.directory = directory;
        this.places = places;
    }

    /**
     * Where it is reached.
     *
     * @param listen where to answer
     * @param console where the console listens
     * @param consoleKey in base64
     * @param web where the web server listens
     * @param apiKey of the web server
     */
    public record Places(
            InetSocketAddress listen,
            InetSocketAddress console,
            String consoleKey,
            InetSocketAddress web,
            String apiKey) {}

    /**
     * Writes the file.
     *
     * @param backends the three to balance over
     */
    public static SampleConfiguration write(Places places, List<DemoAuthority> backends) throws IOException {
        String text = template()
                .replace("%LISTEN%", text(places.listen))
                .replace("%CONSOLE%", text(places.console))
                .replace("%KEY%", places.consoleKey)
                .replace("%WEB%", text(places.web))
                .replace("%APIKEY%", places.apiKey);
        for (DemoAuthority backend : backends) {
            text = text.replace('%' + backend.name().toUpperCase(Locale.ROOT) + '%', text(backend.address()));
        }
        SampleConfiguration sample = new SampleConfiguration(Files.createTempDirectory("weir-demo-"), places);
        Files.writeString(sample.path(), text.replace("THIS_FILE", sample.path().toString()));
        return sample;
    }

    private static String template() throws IOException {
        try (InputStream in = SampleConfiguration.class.getResourceAsStream("sample.conf")) {
            if (in == null) {
                throw new IOException("the jar lacks the demo's configuration");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    public Places places() {
        return places;
    }

    /** Where the file lies. */
    public Path path() {
        return directory.resolve(FILE_NAME);
    }

    /** Deletes file and directory, unless somebody put more into it. May be called more than once. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path());
        Files.deleteIfExists(directory);
    }

    /** An address as configurations and {@code --listen} write it. */
    public static String text(InetSocketAddress address) {
        return new Endpoint(IpAddress.of(address.getAddress().getAddress()), address.getPort()).toString();
    }
}
