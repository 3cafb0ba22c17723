package dev.weir.lua;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Ledger;
import dev.weir.config.Ledger.Entry;
import dev.weir.config.Ledger.Status;
import dev.weir.config.Ledger.Table;
import dev.weir.lua.lang.ObjectType;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Does the ledger say of each name what the program really has? */
class LedgerTest {
    /** Names that configurations define and we call. */
    private static final Set<String> HOOKS = Set.of("maintenance");

    /** Statistics that dnsdist has not. */
    private static final Set<String> OURS = Set.of("global:lua-errors");

    private final World world = new World();

    private static Set<String> having(Table table, Predicate<Entry> wanted) {
        Set<String> names = new TreeSet<>();
        Ledger.all(table).stream().filter(wanted).forEach(entry -> names.add(entry.name()));
        return names;
    }

    @Test
    void functions() {
        Set<String> claimed = having(Table.FUNCTIONS, entry -> entry.status() != Status.NOT_YET);
        claimed.removeAll(HOOKS);
        assertThat(claimed).isEqualTo(world.lua.names());
    }

    @Test
    void methodsAndAttributes() {
        Set<String> there = new TreeSet<>();
        for (ObjectType<?> type : world.lua.context().objects.all()) {
            type.members().forEach(member -> there.add(type.name() + ":" + member));
        }
        Set<String> claimed = having(Table.METHODS, entry -> entry.status() != Status.NOT_YET);
        claimed.removeIf(name -> name.endsWith(":__tostring"));
        assertThat(claimed).isEqualTo(there);
    }

    @Test
    void constants() {
        for (Entry entry : Ledger.all(Table.CONSTANTS)) {
            String value = world.ask("tostring(" + entry.name() + ")").strip();
            boolean there = !value.equals("nil") && !value.startsWith("Error");
            assertThat(there).as(entry.name()).isEqualTo(entry.status() == Status.WORKS);
        }
    }

    @Test
    void globalMetrics() {
        Set<String> claimed = having(
                Table.METRICS,
                entry -> entry.status() != Status.NOT_YET && entry.name().startsWith("global:"));
        Set<String> there = new TreeSet<>();
        for (String line : world.ask("for n in pairs(getStatisticsCounters()) do show(n) end")
                .split("\n", -1)) {
            if (!line.isEmpty()) {
                there.add("global:" + line);
            }
        }
        there.removeAll(OURS);
        assertThat(claimed).isEqualTo(there);
    }

    @Test
    void everyFunctionThatWeLackRefusesByName() {
        for (String name : having(Table.FUNCTIONS, entry -> entry.status() == Status.NOT_YET)) {
            if (!name.equals("threadmessage")) {
                assertThat(world.ask(name + "()")).startsWith("Error: " + name);
            }
        }
    }
}
