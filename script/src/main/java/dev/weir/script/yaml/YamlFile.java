package dev.weir.script.yaml;

import dev.weir.config.yaml.Section;
import dev.weir.config.yaml.YamlException;
import dev.weir.config.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A configuration in YAML on its way from octets to a {@link Section} of known keys, which says nothing to the model yet. */
public final class YamlFile {
    private final String name;
    private final FutureTask<Section> reading;

    private YamlFile(String name, FutureTask<Section> reading) {
        this.name = name;
        this.reading = reading;
    }

    /** A text; {@code name} stands for its file in messages. */
    public static YamlFile of(String name, byte[] octets) {
        return new YamlFile(name, new FutureTask<>(() -> YamlReader.read(name, octets)));
    }

    /**
     * A file that is read from now on, on a thread of its own: a start makes its Lua world meanwhile. Whatever is wrong with it is told when its
     * {@link #section} is asked for.
     */
    public static YamlFile reading(Path file) {
        String name = file.toString();
        FutureTask<Section> reading = new FutureTask<>(() -> YamlReader.read(name, Files.readAllBytes(file)));
        Thread.ofPlatform().daemon().name("yaml").start(reading);
        return new YamlFile(name, reading);
    }

    /** The file's name in messages. */
    public String name() {
        return name;
    }

    /**
     * What the file says, once it has been read.
     *
     * @throws YamlException if it can't be used
     */
    public Section section() throws IOException {
        reading.run(); // nothing if that has begun elsewhere
        try {
            return reading.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + name + " was read", e);
        }
    }
}
