package dev.weir.engine.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.action.Action;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.rule.NameSelector;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names made to keep expressions busy pass the whole walk; with backtracking, this test does not come to its end. */
class HostileNameTest {
    private static final List<Expression> EXPRESSIONS = List.of(
            Expression.posix("^([a-z]{1,5}[0-9]{0,3}){3,20}\\.evil$"),
            Expression.posix("^([a-z0-9]+){2,10}\\.evil$"),
            Expression.posix("^([a-f0-9]{2,8}){4,16}\\.tunnel"),
            Expression.re2("^(?:[a-z0-9]+[-.]?){2,20}\\.com$"));

    private final Walk walk = new Walk();

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theWalkGoesOn() {
        walk.backend("192.0.2.1");
        EXPRESSIONS.forEach(expression -> walk.rule(new NameSelector.Regex(expression), new Action.Drop()));
        for (int length = 20; length <= 58; length++) {
            for (String label : List.of("a", "a1", "f0", "x")) {
                String first = label.repeat(length / label.length());
                for (String zone : List.of(".evi.", ".evil.x.", ".tunne.", "-com.", ".")) {
                    assertThat(walk.send(DnsQuery.of(first + zone, DnsMessage.A).packet()))
                            .as(first + zone)
                            .isEqualTo(WalkVerdict.PARK);
                }
            }
        }
        assertThat(walk.send(DnsQuery.of("abc12de3f4.evil.", DnsMessage.A).packet()))
                .isEqualTo(WalkVerdict.DROP);
        assertThat(walk.send(DnsQuery.of("a-b.c.com.", DnsMessage.A).packet())).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.send(DnsQuery.of("A-b.c.com.", DnsMessage.A).packet())).isEqualTo(WalkVerdict.PARK);
    }

    /** Rules see the root as an empty text, as dnsdist's do. */
    @Test
    void theRootIsEmpty() {
        walk.backend("192.0.2.1");
        walk.rule(new NameSelector.Regex(Expression.posix("^$")), new Action.Drop());
        walk.rule(new NameSelector.Regex(Expression.posix("[.]")), new Action.Allow());
        assertThat(walk.send(DnsQuery.of(".", DnsMessage.A).packet())).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.send(DnsQuery.of("a.", DnsMessage.A).packet())).isEqualTo(WalkVerdict.PARK);
    }
}
