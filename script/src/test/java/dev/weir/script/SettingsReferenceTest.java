package dev.weir.script;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Ledger;
import dev.weir.config.reference.SettingsReference;
import dev.weir.config.yaml.YamlTable;
import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.model.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Do the rows of settings agree with the page that is made of them, with the reference's defaults and with the ledger? */
class SettingsReferenceTest {
    @Test
    void thePageIsWhatTheRowsSay() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "settings.md"));
        assertThat(SettingsReference.text())
                .as("./weir settings > docs/settings.md")
                .isEqualTo(page);
    }

    @Test
    void defaultsAreTheReferences() {
        Map<String, String> defaults = YamlTable.table().defaultsByArgument();
        List<String> different = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            String function = setting.functions().getFirst();
            String given =
                    defaults.getOrDefault(function + ' ' + (Setting.of(function).indexOf(setting) + 1), "");
            if (given.isEmpty() || setting == Setting.HASH_PERTURBATION) {
                continue;
            }
            String ours = setting.argument().shape() == Setting.Shape.SWITCH
                    ? String.valueOf(setting.initial() == 1)
                    : String.valueOf(setting.initial());
            if (!ours.equals(given.replaceFirst("\\.0$", ""))) {
                different.add(function + ": " + ours + ", not " + given);
            }
        }
        assertThat(different).isEmpty();
    }

    @Test
    void whatHasNoEffectIsInTheLedger() {
        for (Setting setting : Setting.values()) {
            for (String function : setting.functions()) {
                Ledger.Entry entry = requireNonNull(Ledger.find(Ledger.Table.FUNCTIONS, function), function);
                assertThat(entry.status() != Ledger.Status.SILENT)
                        .as(function)
                        .isEqualTo(setting.argument().effective());
            }
        }
    }

    @Test
    void valuesBeginAsTheRowsSayAndAreKept() {
        LiveSettings settings = new LiveSettings();
        for (Setting setting : Setting.values()) {
            if (setting.argument().shape() == Setting.Shape.FACTOR) {
                assertThat(settings.factor(setting)).isEqualTo(setting.initial());
                settings.set(setting, 1.5);
                assertThat(settings.factor(setting)).isEqualTo(1.5);
            } else if (setting != Setting.HASH_PERTURBATION) {
                assertThat(settings.number(setting)).isEqualTo(setting.initial());
            }
        }
        settings.set(Setting.FIXUP_CASE, true);
        assertThat(settings.on(Setting.FIXUP_CASE)).isTrue();
    }
}
