package dev.weir.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.FilterSpec.Table;
import dev.weir.wire.Name;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Does a configuration that is only checked meet the same refusals as one that runs? Dynamic blocks on top. */
class MemoryFilterTest {
    private static final IpAddress CLIENT = IpAddress.parse("192.0.2.1");

    private static KernelFilter filter(boolean external, int room) {
        Map<Kind, Table> tables = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            tables.put(kind, new Table(room, ""));
        }
        return new MemoryFilter(new FilterSpec(tables, external, false, FilterSpec.ANY_TYPE));
    }

    @Test
    void refusesWhatTheKernelWouldRefuse() throws KernelException {
        KernelFilter filter = filter(false, 1);
        filter.block(CLIENT, MatchAction.DROP, KernelFilter.FOREVER);
        assertThatThrownBy(() -> filter.block(CLIENT, MatchAction.DROP, KernelFilter.FOREVER))
                .hasMessage("Trying to block an already blocked address: 192.0.2.1");
        assertThatThrownBy(() -> filter.block(IpAddress.parse("192.0.2.2"), MatchAction.DROP, 5))
                .hasMessage("Table full when trying to block 192.0.2.2");
        assertThat(filter.refused()).isEqualTo(1);
        assertThatThrownBy(() -> filter.unblock(IpAddress.parse("192.0.2.3")))
                .hasMessage("Error removing blocked address 192.0.2.3: No such file or directory");
        assertThatThrownBy(() -> filter.block(IpAddress.parse("::1"), MatchAction.TRUNCATE, KernelFilter.FOREVER))
                .hasMessageContaining("a filter that is not external can only drop");
        assertThatThrownBy(() -> filter(true, 0).block(CLIENT, MatchAction.DROP, 1))
                .hasMessageContaining("ipv4MaxItems is 0");
    }

    @Test
    void oneTypePerNameInTheOlderFormatManyInTheOther() throws KernelException {
        Name name = Name.parse("evil.example");
        KernelFilter older = filter(false, 4);
        older.blockName(name, 1, MatchAction.DROP);
        assertThatThrownBy(() -> older.blockName(name, 28, MatchAction.DROP))
                .hasMessage("Trying to block an already blocked qname: evil.example");
        older.unblockName(name, 28);
        assertThat(older.entries()).isEmpty();

        KernelFilter external = filter(true, 4);
        external.blockName(name, 1, MatchAction.DROP);
        external.blockName(name, 28, MatchAction.REFUSED);
        assertThat(external.entries()).hasSize(2);
    }

    @Test
    void endsPassAndPermanentEntriesStay() throws KernelException {
        KernelFilter filter = filter(true, 4);
        Netmask range = Netmask.parse("198.51.100.7/24");
        filter.block(CLIENT, MatchAction.DROP, 100);
        filter.addRange(range, MatchAction.DROP, false, KernelFilter.FOREVER);
        assertThatThrownBy(() -> filter.addRange(range, MatchAction.DROP, false, 100))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.reason()).isEqualTo(KernelException.Reason.DUPLICATE));
        filter.purge(99);
        assertThat(filter.entries()).hasSize(2);
        filter.purge(100);
        assertThat(filter.entries()).extracting(KernelFilter.Entry::subject).containsExactly("198.51.100.0/24");
    }

    @Test
    void dynamicBlocksKeepTheLaterEndAndObeyExclusions() throws KernelException {
        KernelFilter filter = filter(true, 4);
        DynamicFilter dynamic = new DynamicFilter(filter);
        dynamic.exclude(Netmask.parse("192.0.2.0/24"));
        dynamic.include(Netmask.parse("192.0.2.1/32"));
        assertThat(dynamic.block(IpAddress.parse("192.0.2.9"), 100, 0)).isFalse();
        assertThat(dynamic.block(CLIENT, 100, 0)).isTrue();
        assertThat(dynamic.block(CLIENT, 50, 0)).isFalse();
        assertThat(dynamic.block(CLIENT, 200, 0)).isFalse();
        assertThat(dynamic.blocks()).containsEntry(CLIENT, 200L);
        dynamic.purge(150);
        assertThat(filter.entries()).hasSize(1);
        dynamic.purge(200);
        assertThat(filter.entries()).isEmpty();
        assertThat(dynamic.blocks()).isEmpty();
    }

    @Test
    void aBlockMadePermanentOutlivesItsDynamicTwin() throws KernelException {
        KernelFilter filter = filter(true, 4);
        DynamicFilter dynamic = new DynamicFilter(filter);
        dynamic.block(CLIENT, 100, 0);
        filter.block(CLIENT, MatchAction.DROP, KernelFilter.FOREVER);
        dynamic.purge(200);
        assertThat(filter.entries()).hasSize(1);
        assertThat(dynamic.block(CLIENT, 300, 200)).isFalse();
    }
}
