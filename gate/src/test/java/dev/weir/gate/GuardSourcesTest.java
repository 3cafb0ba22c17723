package dev.weir.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Netmask;
import dev.weir.gate.table.Bucket;
import dev.weir.gate.table.GuardCounter;
import dev.weir.sys.Bpf;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.PacketBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits per source: each network of so many bits has a bucket of its own, in a table that only has so many places. */
class GuardSourcesTest {
    private static final boolean PASSED = true;
    private static final boolean DROPPED = false;
    private static final byte[] QUERY = Query.of("www.example.com", 1).bytes();

    /** A guard with one limit, asked by addresses. */
    private record Asked(GuardObject guard) {
        boolean passes(String client) throws IOException {
            String server = client.indexOf(':') < 0 ? "198.18.0.53" : "fd00::53";
            byte[] frame =
                    new PacketBuilder().addresses(client, server).payload(QUERY).build();
            return guard.program().testRun(frame).returned() == GuardModel.PASS;
        }

        List<Boolean> passes(String... clients) throws IOException {
            List<Boolean> passed = new ArrayList<>();
            for (String client : clients) {
                passed.add(passes(client));
            }
            return passed;
        }

        long lost() throws IOException {
            return guard.counters().get(GuardCounter.SOURCES_LOST);
        }
    }

    private interface Scenario {
        void run(Asked asked) throws IOException;
    }

    private static void limited(String range, Bucket bucket, int maxSources, Scenario scenario) throws Exception {
        KernelSandbox.run(sandbox -> {
            try (GuardObject guard = GuardObject.load(
                    Bpf.kernel(), GuardSpec.DEFAULT.withOptions(GuardOptions.DEFAULT.withMaxSources(maxSources)))) {
                new GuardTables(guard).rate(Netmask.parse(range), bucket);
                scenario.run(new Asked(guard));
            }
        });
    }

    /** Room for so many at once, then none for longer than any test. */
    private static Bucket slow(int burst, int per) {
        return new Bucket(0, GuardTables.LONG_NS, (burst - 1) * GuardTables.LONG_NS, 0, 0, per);
    }

    @Test
    void eachNetworkHasItsOwnBucket() throws Exception {
        limited("0.0.0.0/0", slow(2, 24), 1000, asked -> assertThat(asked.passes(
                        "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.3.1", "192.0.3.255", "192.0.3.0", "192.0.2.1"))
                .containsExactly(PASSED, PASSED, DROPPED, PASSED, PASSED, DROPPED, DROPPED));
    }

    @Test
    void aNetworkMayBeOneAddress() throws Exception {
        limited("192.0.2.0/24", slow(1, 32), 1000, asked -> assertThat(
                        asked.passes("192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.2", "192.0.3.1", "192.0.3.1"))
                .as("the last two are not in the range")
                .containsExactly(PASSED, DROPPED, PASSED, DROPPED, PASSED, PASSED));
        limited("::/0", slow(1, 128), 1000, asked -> assertThat(
                        asked.passes("2001:db8::1", "2001:db8::2", "2001:db8::1", "2001:db8::2"))
                .containsExactly(PASSED, PASSED, DROPPED, DROPPED));
    }

    @Test
    void networksOfSixEndAnywhere() throws Exception {
        limited("::/0", slow(1, 56), 1000, asked -> assertThat(
                        asked.passes("2001:db8:0:1::1", "2001:db8:0:ff::2", "2001:db8:0:100::1", "2001:db8:0:1ff::"))
                .containsExactly(PASSED, DROPPED, PASSED, DROPPED));
        limited("::/0", slow(1, 100), 1000, asked -> assertThat(
                        asked.passes("2001:db8::1", "2001:db8::fff:ffff", "2001:db8::1000:0", "2001:db8::1fff:ffff"))
                .containsExactly(PASSED, DROPPED, PASSED, DROPPED));
    }

    @Test
    void whatSourcesHaveTooMuchIsCountedInTheLimit() throws Exception {
        limited("0.0.0.0/0", slow(1, 24), 1000, asked -> {
            asked.passes("192.0.2.1", "192.0.2.2", "192.0.3.1", "192.0.3.2");
            assertThat(asked.guard.counters()).containsEntry(GuardCounter.LIMITED, 2L);
        });
    }

    /** The place of the source whose bucket is full again first goes to the newcomer. */
    @Test
    void whereThereIsNoRoomTheLeastGuiltyIsForgottenAndThatIsCounted() throws Exception {
        limited("0.0.0.0/0", slow(2, 32), 4, asked -> {
            asked.passes("192.0.2.1", "192.0.2.1", "192.0.2.2", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.4");
            assertThat(asked.lost()).as("there was room").isZero();
            assertThat(asked.passes("192.0.2.5", "192.0.2.1", "192.0.2.2", "192.0.2.4"))
                    .containsExactly(PASSED, DROPPED, DROPPED, DROPPED);
            assertThat(asked.lost()).as("192.0.2.3, which had a query left").isEqualTo(1);
        });
    }

    @Test
    void sourcesWhoseBucketIsFullAgainMakeRoomAndNothingIsLost() throws Exception {
        limited("0.0.0.0/0", new Bucket(0, 1, 0, 0, 0, 32), 4, asked -> {
            for (int i = 0; i < 256; i++) {
                assertThat(asked.passes("192.0.2." + i)).isTrue();
            }
            assertThat(asked.lost()).isZero();
        });
    }

    /** Those who forge addresses by the thousand don't free who is over the rate. */
    @Test
    void aFloodOfSourcesDoesNotFreeTheGuilty() throws Exception {
        limited("0.0.0.0/0", slow(2, 32), 64, asked -> {
            assertThat(asked.passes("192.0.2.1", "192.0.2.1", "192.0.2.1")).containsExactly(PASSED, PASSED, DROPPED);
            for (int i = 0; i < 4096; i++) {
                asked.passes("198.51." + i / 256 + "." + i % 256);
            }
            assertThat(asked.passes("192.0.2.1")).isFalse();
            assertThat(asked.lost()).isGreaterThan(3000);
        });
    }
}
