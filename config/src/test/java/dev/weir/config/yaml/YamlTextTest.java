package dev.weir.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Is what was written read again as it was? */
class YamlTextTest {
    /** What readers of YAML take for something else when it stands there without quotation marks. */
    private static final List<String> TRICKY = List.of(
            "",
            " ",
            "a",
            " a",
            "a ",
            "~",
            "null",
            "Null",
            "true",
            "no",
            "ON",
            "y",
            "1",
            "1.5",
            "1e3",
            "0x10",
            ".inf",
            "-1",
            "+1",
            "a: b",
            "a:b",
            "a #b",
            "a#b",
            "#",
            "- a",
            "-",
            "?",
            "? a",
            "*a",
            "&a",
            "!a",
            "!!binary x",
            "%a",
            "@a",
            "`a",
            "|",
            ">",
            "[a]",
            "{a}",
            "a, b",
            "a]",
            "a}",
            "'",
            "\"",
            "\\",
            "'a'",
            "\"a\"",
            "a\\nb",
            "a\nb",
            "a\nb\n",
            "a\nb\n\n",
            "\na",
            "  a\nb",
            "a\n  b\n",
            "a\n\tb",
            "a\r\nb",
            "a\rb",
            "\t",
            "\u0007",
            "\u007f",
            "\u0085",
            "\u2028",
            "\ufeff",
            "é",
            "日本",
            "😀",
            "192.0.2.1",
            "192.0.2.1:53",
            "192.0.2.0/24",
            "2001:db8::1",
            "::",
            "1.2.3",
            "12:30:45",
            "2024-01-01",
            "<<",
            "=",
            "---",
            "...",
            "a---",
            "--- a",
            "a\n---\nb",
            "a\n...\n",
            "# a\nb",
            "a \nb",
            "=a",
            "a\u0001b");

    private static Section read(Map<String, ?> root) {
        return YamlReader.read("test.yml", YamlText.of(root).getBytes(StandardCharsets.UTF_8));
    }

    private static String again(String text) {
        Section general = read(Map.of("general", Map.of("server_id", text))).section("general");
        Value value = Objects.requireNonNull(general).value("server_id");
        return value == null ? "" : value.text();
    }

    private static List<String> listed(List<String> texts) {
        return read(Map.of("acl", texts)).list("acl").stream().map(Value::text).toList();
    }

    @Test
    void trickyTexts() {
        for (String text : TRICKY) {
            assertThat(again(text)).as(text).isEqualTo(text);
        }
        assertThat(listed(TRICKY)).isEqualTo(TRICKY);
    }

    @Test
    void randomTexts() {
        Random random = new Random(7);
        int[] letters = "ab \n\t:#-,[]{}&*!|>'\"%@`\\\u0085é😀~?".codePoints().toArray();
        for (int i = 0; i < 3000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.appendCodePoint(letters[random.nextInt(letters.length)]);
            }
            assertThat(again(text.toString())).isEqualTo(text.toString());
            assertThat(listed(List.of(text.toString(), "x"))).isEqualTo(List.of(text.toString(), "x"));
        }
    }

    @Test
    void octets() {
        byte[] octets = {0, 1, (byte) 0xff, 'a', (byte) 0xc3};
        assertThat(YamlText.ofOctets(octets)).isSameAs(octets);
        assertThat(YamlText.ofOctets("é".getBytes(StandardCharsets.UTF_8))).isEqualTo("é");
        Map<String, ?> action = Map.of("type", "SpoofRaw", "answers", List.of(octets));
        Section rule = read(Map.of("query_rules", List.of(Map.of("selector", Map.of("type", "All"), "action", action))))
                .list("query_rules")
                .getFirst()
                .section();
        Section read = Objects.requireNonNull(rule.section("action"));
        assertThat(read.list("answers").getFirst().content()).isEqualTo(octets);
    }

    @Test
    void whatPeopleLookAt() {
        assertThat(YamlText.of(Map.of("acl", List.of("192.0.2.0/24", "::/0"))))
                .isEqualTo("acl: [192.0.2.0/24, \"::/0\"]\n");
        assertThat(YamlText.of(Map.of("query_rules", List.of(Map.of("code", "return 1\nend\n")))))
                .isEqualTo("query_rules:\n  - code: |\n      return 1\n      end\n");
        assertThat(YamlText.of(Map.of("cache_settings", Map.of("cleaning_delay", 5L))))
                .isEqualTo("cache_settings: {cleaning_delay: 5}\n");
    }
}
