package dev.weir.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import org.junit.jupiter.api.Test;

/** Are a server's points those of its id, weight and seed, and no more than there is room for? */
class HashPointsTest {
    private static final String ID = "00000000-0000-0000-0000-000000000001";

    private static Backend server(int weight) {
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse("192.0.2.1:53", 53));
        spec.id = ID;
        spec.weight = weight;
        return new Backend(spec.build());
    }

    /** The point of "00000000-0000-0000-0000-000000000001-1" with seed 42 is 0x19d0e509. */
    @Test
    void theFirstPointIsNumberOne() {
        HashPoints points = HashPoints.of(ID, 1, 42);
        assertThat(points.distance(0x19d0e509)).isZero();
        assertThat(points.distance(0x19d0e508)).isEqualTo(1);
        assertThat(points.distance(0x19d0e50a)).as("around the circle").isEqualTo(-1);
        assertThat(points.distance(0xffff_ffff)).isEqualTo(0x19d0e50a);
    }

    @Test
    void anyWeightHasBoundedPoints() {
        assertThat(HashPoints.of(ID, Integer.MAX_VALUE, 1).count()).isEqualTo(HashPoints.MOST);
        assertThat(HashPoints.of(ID, 1000, 1).count()).isEqualTo(1000);
    }

    /** Data threads find what the control plane made. */
    @Test
    void preparedPointsAreKeptUntilWeightOrSeedChange() {
        Backend server = server(10);
        server.prepareHashPoints(7);
        HashPoints made = server.hashPoints(7);
        server.prepareHashPoints(7);
        assertThat(server.hashPoints(7)).isSameAs(made);
        server.setWeight(20);
        assertThat(server.hashPoints(7)).isSameAs(made);
        server.prepareHashPoints(7);
        assertThat(server.hashPoints(7).count()).isEqualTo(20);
        assertThat(server.hashPoints(8)).isNotSameAs(server.hashPoints(7));
    }

    /** Policies ask for it per query. */
    @Test
    void theNameWithAddressIsMadeOnce() {
        Backend server = server(1);
        assertThat(server.nameWithAddress()).isEqualTo("192.0.2.1:53").isSameAs(server.nameWithAddress());
        server.rename("one");
        assertThat(server.nameWithAddress()).isEqualTo("one (192.0.2.1:53)").isSameAs(server.nameWithAddress());
    }
}
