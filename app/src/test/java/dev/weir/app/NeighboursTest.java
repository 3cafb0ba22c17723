package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.IpAddress;
import dev.weir.testkit.NetworkSandbox;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Are hardware addresses of both families found in the kernel, soon after they came, and not read for each query? */
class NeighboursTest {
    private static final byte[] FIRST = {2, 0, 0, 0, 0, 1};
    private static final byte[] SECOND = {2, 0, 0, 0, 0, 2};

    @Test
    void areRead() throws Exception {
        NetworkSandbox.run(sandbox -> {
            sandbox.cable("near0", "far0");
            sandbox.ip("addr add 192.0.2.1/24 dev near0");
            sandbox.ip("-6 addr add 2001:db8::1/64 dev near0 nodad");
            sandbox.ip("link set near0 up");
            sandbox.ip("neigh replace 192.0.2.9 lladdr 02:00:00:00:00:01 dev near0");
            AtomicLong nanos = new AtomicLong();
            Neighbours neighbours = new Neighbours(nanos::get);
            IpAddress four = IpAddress.parse("192.0.2.9");
            IpAddress six = IpAddress.parse("2001:db8::9");
            assertThat(neighbours.of(four)).isEqualTo(FIRST);
            assertThat(neighbours.of(six)).isNull();
            assertThat(neighbours.of(IpAddress.parse("127.0.0.1"))).isNull();

            sandbox.ip("-6 neigh replace 2001:db8::9 lladdr 02:00:00:00:00:02 dev near0");
            sandbox.ip("neigh replace 192.0.2.9 lladdr 02:00:00:00:00:02 dev near0");
            nanos.addAndGet(50_000_000);
            assertThat(neighbours.of(six)).as("read a moment ago").isNull();
            nanos.addAndGet(100_000_000);
            assertThat(neighbours.of(four)).as("known, for a second").isEqualTo(FIRST);
            assertThat(neighbours.of(six)).isEqualTo(SECOND);
            assertThat(neighbours.of(four)).as("read with the other").isEqualTo(SECOND);
        });
    }
}
