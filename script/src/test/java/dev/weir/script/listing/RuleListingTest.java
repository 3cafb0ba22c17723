package dev.weir.script.listing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.action.Action;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.model.Model;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.MessageSelector;
import dev.weir.engine.rule.NameSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.engine.stat.Tally;
import dev.weir.wire.Name;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Chains of rules, as dnsdist 1.7.3 prints them. */
class RuleListingTest {
    private static final Selector TXT_OVER_UDP = new LogicSelector.And(List.of(
            new MessageSelector.QType(16),
            new ClientSelector.Tcp(false),
            new NameSelector.QName(Name.parse("a.rather.long.name.example.org."))));

    private final Model model = new Model();

    private static Rule<Action> rule(String name, String uuid, Selector selector, Action action) {
        return new Rule<>(UUID.fromString(uuid), name, 7, selector, action, new Tally());
    }

    @BeforeEach
    void threeRules() {
        model.rules()
                .set(List.of(
                        rule(
                                "a-rule-name-that-is-longer-than-thirty-characters",
                                "41111111-2222-3333-4444-555555555555",
                                new NameSelector.QName(Name.parse("refused.test.")),
                                new Action.Truncate()),
                        rule("", "41111112-2222-3333-4444-555555555555", TXT_OVER_UDP, new Action.Drop()),
                        rule(
                                "x",
                                "41111113-2222-3333-4444-555555555555",
                                new LogicSelector.All(),
                                new Action.ToPool("a", true))));
    }

    @Test
    void inTheirOrder() {
        assertThat(RuleListing.show(model.rules(), false, RuleListing.UNTRUNCATED))
                .isEqualTo("""
                #   Name                             Matches Rule                                                     Action
                0   a-rule-name-that-is-longer-than-thirty-characters         0 qname==refused.test.                                     tc=1 answer
                1                                          0 (qtype==TXT) && (UDP) && (qname==a.rather.long.name.example.org.) drop
                2   x                                      0 All                                                      to pool a
                """);
    }

    @Test
    void cutShort() {
        assertThat(RuleListing.show(model.rules(), false, 20).lines().toList().get(2))
                .isEqualTo("1                                          0 (qtype==TXT) && (UDP"
                        + "                                     drop");
        assertThat(RuleListing.show(model.rules(), false, 0).lines().toList().get(3))
                .isEqualTo("2   x                                      0 " + " ".repeat(56) + " to pool a");
    }

    @Test
    void withUuids() {
        assertThat(RuleListing.show(model.rules(), true, RuleListing.UNTRUNCATED))
                .isEqualTo("""
                #   Name                           UUID                                   Cr. Order   Matches Rule                                                     Action
                0   a-rule-name-that-is-longer-than-thirty-characters 41111111-2222-3333-4444-555555555555           7         0 qname==refused.test.                                     tc=1 answer
                1                                  41111112-2222-3333-4444-555555555555           7         0 (qtype==TXT) && (UDP) && (qname==a.rather.long.name.example.org.) drop
                2   x                              41111113-2222-3333-4444-555555555555           7         0 All                                                      to pool a
                """);
    }

    @Test
    void byMatches() {
        model.rules().rules().get(2).matches().add(9);
        model.rules().rules().get(1).matches().add(10);
        assertThat(RuleListing.top(model.rules(), 2, false, 5)).isEqualTo("""
                #   Name                             Matches Rule                                                     Action
                0                                         10 (qtyp                                                    drop
                1   x                                      9 All                                                      to pool a

                """);
        assertThat(RuleListing.top(model.rules(), 0, false, RuleListing.UNTRUNCATED)
                        .lines())
                .as("0 is all of them")
                .hasSize(5);
    }

    @Test
    void ofResponses() {
        model.responseRules().add(Rule.of(new LogicSelector.All(), new ResponseAction.Drop(), null, "r"));
        assertThat(RuleListing.show(model.responseRules(), false, RuleListing.UNTRUNCATED))
                .isEqualTo("""
                #   Name                             Matches Rule                                                     Action
                0   r                                      0 All                                                      drop
                """);
    }
}
