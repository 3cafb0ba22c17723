package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.YamlException;
import dev.weir.config.yaml.YamlReader;
import dev.weir.config.yaml.YamlTable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Whatever the octets of a file are, is the result a configuration or one message with the file's name? {@code -Dweir.fuzz=1000000} says how many
 * files; the seed of each stands in a failure's message.
 */
class YamlFuzzTest {
    private static final int FILES = Integer.getInteger("weir.fuzz", 3_000);
    private static final int LOADED = FILES / 20;
    private static final String[] PIECES = {
        "&a ",
        "*a",
        "<<: ",
        "- ",
        "? ",
        ": ",
        "|",
        ">",
        "{",
        "}",
        "[",
        "]",
        "\"",
        "'",
        "#",
        "%YAML 1.1\n",
        "---\n",
        "...\n",
        "!!binary ",
        "!x ",
        "\t",
        "\u0000",
        "\u00e9",
        "~",
        "0x",
        "-1",
        "99999999999999999999",
        "1e999",
        "name: ",
        "type: All",
        "selector: "
    };

    private static List<byte[]> corpus() throws IOException {
        List<byte[]> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("..", "examples", "yaml"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".yml")).sorted().toList()) {
                all.add(Files.readAllBytes(file));
            }
        }
        for (Field field : YamlTable.table().fields()) {
            if (field.path().startsWith("b")) {
                all.add(YamlSamples.yaml(YamlSamples.around(field)).getBytes(StandardCharsets.UTF_8));
            }
        }
        return all;
    }

    private static byte[] changed(List<byte[]> corpus, Random random) {
        byte[] octets = corpus.get(random.nextInt(corpus.size())).clone();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(octets.length + 1);
            int end = Math.min(octets.length, at + random.nextInt(20));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(octets, 0, at);
            switch (random.nextInt(5)) {
                case 0 -> out.write(random.nextInt(256));
                case 1 -> out.writeBytes(PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8));
                case 2 -> at = end; // taken out
                case 3 -> out.write(octets, at, end - at); // twice
                default -> {
                    byte[] other = corpus.get(random.nextInt(corpus.size()));
                    int from = random.nextInt(other.length);
                    out.write(other, from, Math.min(other.length - from, random.nextInt(60)));
                }
            }
            out.write(octets, at, octets.length - at);
            octets = out.toByteArray();
        }
        return octets;
    }

    @Test
    void readingEndsInASectionOrAMessage() throws IOException {
        List<byte[]> corpus = corpus();
        int accepted = 0;
        for (int seed = 0; seed < FILES; seed++) {
            byte[] octets = changed(corpus, new Random(seed));
            try {
                YamlReader.read("f.yml", octets);
                accepted++;
            } catch (YamlException e) {
                assertThat(e.text()).as("seed " + seed).isNotBlank().doesNotContain("\n");
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(accepted).as("some are still configurations").isBetween(FILES / 100, FILES - 1);
    }

    @Test
    void loadingEndsInAResult() throws IOException {
        List<byte[]> corpus = corpus();
        for (int seed = 0; seed < LOADED; seed++) {
            byte[] octets = changed(corpus, new Random(seed));
            try {
                LoadResult result = new World().lua.loadYaml("f.yml", octets);
                if (result.error() != null) {
                    assertThat(result.error().toString()).as("seed " + seed).startsWith("f.yml");
                }
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
