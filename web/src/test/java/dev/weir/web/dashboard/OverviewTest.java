package dev.weir.web.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Configuration;
import dev.weir.config.change.Change;
import dev.weir.config.change.ReloadHistory;
import dev.weir.config.change.ReloadReport;
import dev.weir.engine.model.Model;
import dev.weir.engine.view.GuardView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverviewTest {
    private final List<GuardView> guards = new ArrayList<>();
    private final ReloadHistory reloads = new ReloadHistory();
    private final Configuration configuration = new Configuration();
    private final Overview overview = new Overview(new Model(), () -> configuration, () -> guards, reloads, "1");

    @Test
    void guardsAndReloadsAreThere() {
        assertThat(overview.text()).contains("\"guards\": []", "\"reloads\": []");
        guards.add(new GuardView("eth0", "native", Map.of("dropped", 7L)));
        reloads.add(Instant.ofEpochSecond(5), ReloadReport.failed("c.conf:3: <b>"));
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            changes.add(new Change(Change.Kind.ADDED, Change.Subject.RULE, "number " + i + "."));
        }
        reloads.add(
                Instant.ofEpochSecond(6),
                new ReloadReport(ReloadReport.Outcome.RELOADED, "", changes, List.of("a note")));
        assertThat(overview.text())
                .contains(
                        "\"device\": \"eth0\"",
                        "\"state\": \"native\"",
                        "\"dropped\": 7",
                        "\"error\": \"c.conf:3: <b>\"")
                .contains("\"count\": 100", "+ rule number 19.", "a note")
                .doesNotContain("number 20.");
    }
}
