package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Ledger;
import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.SectionType;
import dev.weir.config.yaml.Slot;
import dev.weir.config.yaml.YamlTable;
import dev.weir.engine.model.Setting;
import dev.weir.script.convert.Converted;
import dev.weir.script.host.Purpose;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Does each setting, and each option of servers and caches, still say the same when it has been written down? */
class ConvertedOptionsTest {
    @TempDir
    Path directory;

    private final World lua = new World(Purpose.CONVERT);
    private final World yaml = new World(Purpose.CONVERT);

    private String convert(String text) throws IOException {
        Path file = directory.resolve("test.lua");
        Files.writeString(file, text);
        LoadResult loaded = lua.lua.loadToConvert(file);
        assertThat(loaded.error()).as(text).isNull();
        Converted converted = lua.lua.converted("test.lua", false);
        assertThat(converted.left()).isEmpty();
        LoadResult again = yaml.lua.loadYaml("test.yml", converted.yaml().getBytes(StandardCharsets.UTF_8));
        assertThat(again.error()).as(converted.yaml()).isNull();
        return converted.yaml();
    }

    private static String value(Setting setting) {
        Setting.Argument argument = setting.argument();
        return switch (argument.shape()) {
            case SWITCH -> String.valueOf(setting.initial() == 0);
            case FACTOR -> "1.5";
            case NUMBER, NEAREST ->
                Long.toString(setting.initial() < argument.most() ? setting.initial() + 1 : argument.most() - 1);
        };
    }

    @Test
    void settings() throws IOException {
        StringBuilder text = new StringBuilder();
        List<String> done = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            String function = setting.functions().getFirst();
            if (!done.contains(function)) {
                done.add(function);
                text.append(function)
                        .append(Setting.of(function).stream()
                                .map(ConvertedOptionsTest::value)
                                .collect(Collectors.joining(", ", "(", ")\n")));
            }
        }
        assertThat(done).hasSizeGreaterThan(50);
        convert(text.toString());
        for (Setting setting : Setting.values()) {
            assertThat(yaml.model.settings().bits(setting))
                    .as(setting.name())
                    .isEqualTo(lua.model.settings().bits(setting));
        }
    }

    /** Options as a table of Lua has them. */
    private static void options(SectionType type, int position, List<String> into) {
        for (Field field : type.fields()) {
            Slot slot = field.slot();
            SectionType map = field.map();
            if (map != null && !field.list()) {
                options(map, position, into);
            } else if (slot != null
                    && slot.position() == position
                    && !slot.key().isEmpty()
                    && !List.of("address", "xskSockets", "checkFunction").contains(slot.key())) {
                into.add(slot.key() + "=" + literal(field, slot));
            }
        }
    }

    private static String literal(Field field, Slot slot) {
        return switch (slot.how()) {
            case ":class" -> "DNSClass.CHAOS";
            case ":list" -> "{0, 1}";
            case ":numbers" -> "{10, 11}";
            default -> {
                Object value = YamlSamples.value(field);
                String one = YamlSamples.yaml(value instanceof List<?> list ? list.getFirst() : value);
                yield field.list() ? "{" + one + "}" : one;
            }
        };
    }

    private static SectionType section(String key) {
        return Objects.requireNonNull(
                Objects.requireNonNull(YamlTable.table().root().field(key)).map());
    }

    @Test
    void servers() throws IOException {
        List<String> options = new ArrayList<>();
        options(section("backends"), 1, options);
        assertThat(options).hasSizeGreaterThan(50);
        StringBuilder text = new StringBuilder();
        for (String option : options) {
            text.append("newServer({address='127.0.0.1:5300', ").append(option).append("})\n");
        }
        String both = options.stream()
                .filter(option -> !option.startsWith("autoUpgrade"))
                .collect(Collectors.joining(", "));
        text.append("newServer({address='127.0.0.1:5301', tls='openssl', dohPath='/q', ")
                .append(both)
                .append("})\n");
        text.append("newServer({address='127.0.0.1', tls='gnutls', order=9, checkFunction=function() end})\n");
        text.append("newServer('192.0.2.1', 9)\n");
        convert(text.toString());
        assertThat(yaml.model.backends()).hasSize(options.size() + 3);
        for (int i = 0; i < lua.model.backends().size(); i++) {
            assertThat(yaml.model.backends().get(i).spec())
                    .as(i + " " + (i < options.size() ? options.get(i) : ""))
                    .usingRecursiveComparison()
                    .ignoringFields("id", "identity.id", "checks.function")
                    .isEqualTo(lua.model.backends().get(i).spec());
        }
    }

    @Test
    void caches() throws IOException {
        List<String> options = new ArrayList<>();
        options(section("packet_caches"), 2, options);
        assertThat(options).hasSizeGreaterThan(12);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < options.size(); i++) {
            text.append("getPool('p" + i + "'):setCache(newPacketCache(100, {" + options.get(i) + "}))\n");
        }
        convert(text.toString());
        for (int i = 0; i < options.size(); i++) {
            String pool = "p" + i;
            assertThat(Objects.requireNonNull(yaml.model.pool(pool).cache()).spec())
                    .as(options.get(i))
                    .isEqualTo(
                            Objects.requireNonNull(lua.model.pool(pool).cache()).spec());
        }
    }

    private static final Map<String, String> LISTENERS = Map.of(
            "addLocal", "addLocal('127.0.0.1:%d', {%s})",
            "addTLSLocal", "addTLSLocal('127.0.0.1:%d', '/c', '/k', {%s})",
            "addDOHLocal",
                    "addDOHLocal('127.0.0.1:%d', {newTLSCertificate('/c', {key='/k', password='p'})}, '', {'/a', '/b'}, {%s})",
            "addDOQLocal", "addDOQLocal('127.0.0.1:%d', {'/c', '/d'}, {'/k', '/l'}, {%s})",
            "addDOH3Local", "addDOH3Local('127.0.0.1:%d', '/c', '/k', {%s})",
            "addDNSCryptBind",
                    "addDNSCryptBind('127.0.0.1:%d', '2.provider', 'target/sample.cert', 'target/sample.key', {%s})");

    private static void bindOptions(SectionType type, String function, Set<String> into) {
        for (Field field : type.fields()) {
            Slot slot = field.slot();
            SectionType map = field.map();
            if (map != null && !field.list()) {
                bindOptions(map, function, into);
            } else if (slot != null && !slot.key().isEmpty()) {
                Ledger.Entry row = Ledger.find(Ledger.Table.OPTIONS, function + ":" + slot.key());
                if (row != null && row.status() != Ledger.Status.NOT_YET) {
                    boolean pairs = slot.how().equals(":pairs");
                    into.add(slot.key() + "=" + (pairs ? "{['x-a']='b', ['x-c']='d: e'}" : literal(field, slot)));
                }
            }
        }
    }

    @Test
    void listeners() throws IOException {
        var _ = YamlSamples.named(); // makes the files of DNSCrypt
        StringBuilder text = new StringBuilder();
        int port = 5000;
        for (Map.Entry<String, String> listener : LISTENERS.entrySet()) {
            Set<String> options = new TreeSet<>(List.of(""));
            bindOptions(section("binds"), listener.getKey(), options);
            for (String option : options) {
                text.append(String.format(listener.getValue(), port++, option)).append('\n');
            }
        }
        text.append(
                "addTLSLocal('127.0.0.1:4000', '/c', '/k', {additionalAddresses={'127.0.0.2:4000', '127.0.0.3'}})\n");
        text.append("addDOHLocal('127.0.0.1:4001')\n");
        assertThat(port).isGreaterThan(5060);
        String yamlText = convert(text.toString());
        assertThat(yaml.configuration.listeners).hasSameSizeAs(lua.configuration.listeners);
        for (int i = 0; i < lua.configuration.listeners.size(); i++) {
            assertThat(yaml.configuration.listeners.get(i))
                    .as(text.toString().split("\n", -1)[i] + " of " + yamlText)
                    .usingRecursiveComparison()
                    .isEqualTo(lua.configuration.listeners.get(i));
        }
    }
}
