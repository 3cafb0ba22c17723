package dev.weir.engine.walk;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.action.ResponseResult;
import dev.weir.engine.action.Result;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.ClientRange;
import dev.weir.engine.model.Setting;
import dev.weir.engine.query.Query;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.NameSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Rcode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which header flags do answers of our own have? As seen with dnsdist 1.7.3 and 2.2, there are two kinds. */
class OwnAnswersTest {
    private static final Selector ALL = new LogicSelector.All();
    private static final int OPCODE_4 = 4 << 11;

    private final Walk walk = new Walk();

    private static DnsQuery query(int flags) {
        return DnsQuery.of("www.example.net.", A).withFlags(flags);
    }

    private void lua(Result result) {
        walk.rule(ALL, new Action.Custom("Lua script", query -> result));
    }

    private void lua(java.util.function.Consumer<Query> change) {
        walk.rule(ALL, new Action.Custom("Lua script", query -> {
            change.accept(query);
            return Result.NONE;
        }));
    }

    private void spoof() {
        walk.rule(ALL, new Answering.SpoofAddresses(List.of(IpAddress.parse("192.0.2.7")), AnswerFlags.DEFAULT));
    }

    private void assertBare(int rcode) {
        for (int flags : new int[] {
            DnsMessage.RD,
            DnsMessage.RD | DnsMessage.AD | DnsMessage.CD,
            OPCODE_4 | DnsMessage.AA | DnsMessage.RA | DnsMessage.AD,
            0
        }) {
            DnsMessage answer = walk.ask(query(flags));
            assertThat(answer.flags()).isEqualTo(DnsMessage.QR | flags | rcode);
            assertThat(answer.questions()).hasSize(1);
        }
        DnsMessage withOpt = walk.ask(query(DnsMessage.AD).edns(4096).option(65_001, (byte) 1));
        assertThat(withOpt.flags()).isEqualTo(DnsMessage.QR | DnsMessage.AD | rcode);
        assertThat(withOpt.payloadSize()).isEqualTo(1232);
        assertThat(withOpt.option(65_001)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"REFUSED, 5", "NXDOMAIN, 3", "SERVFAIL, 2"})
    void whatAFunctionRefusesHasTheQuerysHeader(Result result, int rcode) {
        lua(result);
        assertBare(rcode);
    }

    @ParameterizedTest
    @CsvSource({"REFUSED, 5", "NXDOMAIN, 3"})
    void soHasWhatABlockRefuses(Result result, int rcode) {
        walk.model
                .engine()
                .blocks()
                .insert(
                        ClientRange.of(Netmask.parse(Walk.CLIENT.ip().toString())),
                        BlockSpec.of("test", 100, result),
                        walk.nowNanos);
        assertBare(rcode);
    }

    @Test
    void soHasWhatNobodyIsThereToAnswer() {
        walk.model.settings().set(Setting.SERV_FAIL_WHEN_NO_SERVER, true);
        walk.model.changed();
        assertBare(Rcode.SERVFAIL);
    }

    @Test
    void soHasTheAnswerToAHeader() {
        for (int flags : new int[] {DnsMessage.RD | DnsMessage.CD, OPCODE_4 | DnsMessage.AA | DnsMessage.AD, 0}) {
            byte[] header = Arrays.copyOf(query(flags).packet(), Header.LENGTH);
            Header.setCounts(header, 0, 0, 0, 0);
            assertThat(walk.send(header)).isEqualTo(WalkVerdict.ANSWER);
            assertThat(walk.reply().flags()).isEqualTo(DnsMessage.QR | flags | DnsMessage.NOTIMP);
        }
    }

    /** Behind a header without question anything may stand: it was once taken for a name, of up to 1,488 octets. */
    @Test
    void whatStandsBehindAHeaderIsNoName() {
        walk.model
                .selfAnsweredRules()
                .add(Rule.of(new NameSelector.QName(Name.parse("a.")), new ResponseAction.SetTag("a", "1"), null, ""));
        byte[] header = Arrays.copyOf(query(0).packet(), 1400);
        Arrays.fill(header, Header.LENGTH, header.length, (byte) 1);
        Header.setCounts(header, 0, 0, 0, 0);
        assertThat(walk.send(header)).isEqualTo(WalkVerdict.ANSWER);
        assertThat(walk.lastQuery.name()).isEqualTo(Name.ROOT);
    }

    @Test
    void anRcodeActionsAnswerHasRaAsRdAndNoAd() {
        walk.rule(ALL, new Answering.RCode(Rcode.REFUSED, AnswerFlags.DEFAULT));
        assertThat(walk.ask(query(DnsMessage.RD | DnsMessage.AD | DnsMessage.CD))
                        .flags())
                .isEqualTo(DnsMessage.QR | DnsMessage.RD | DnsMessage.RA | DnsMessage.CD | DnsMessage.REFUSED);
        assertThat(walk.ask(query(DnsMessage.RA | DnsMessage.AD)).flags())
                .isEqualTo(DnsMessage.QR | DnsMessage.REFUSED);
    }

    @Test
    void aaThatAFunctionSetsStaysInASpoofedAnswer() {
        lua(query -> Header.set(query.packet(), Header.AA, true));
        spoof();
        assertThat(walk.ask(query(DnsMessage.RD)).flags())
                .isEqualTo(DnsMessage.QR | DnsMessage.AA | DnsMessage.RD | DnsMessage.RA);
    }

    @Test
    void aaThatTheActionClearsDoesNot() {
        lua(query -> Header.set(query.packet(), Header.AA, true));
        AnswerFlags notAuthoritative = new AnswerFlags(false, null, null, 60);
        walk.rule(ALL, new Answering.SpoofAddresses(List.of(IpAddress.parse("192.0.2.7")), notAuthoritative));
        assertThat(walk.ask(query(0)).flags()).isEqualTo(DnsMessage.QR);
    }

    @Test
    void aTruncatedAnswerIsNeverAuthoritative() {
        lua(query -> Header.set(query.packet(), Header.AA, true));
        walk.rule(ALL, new Action.Truncate());
        assertThat(walk.ask(query(DnsMessage.RD)).flags())
                .isEqualTo(DnsMessage.QR | DnsMessage.TC | DnsMessage.RD | DnsMessage.RA);
    }

    private enum Own {
        SPOOF,
        RCODE,
        LUA
    }

    @ParameterizedTest
    @EnumSource
    void rdAndCdAreTheClientsAgain(Own own) {
        walk.rule(ALL, new Action.SetDisableValidation());
        walk.rule(ALL, new Action.SetNoRecurse());
        switch (own) {
            case SPOOF -> spoof();
            case RCODE -> walk.rule(ALL, new Answering.RCode(Rcode.REFUSED, AnswerFlags.DEFAULT));
            case LUA -> lua(Result.REFUSED);
        }
        DnsMessage answer = walk.ask(query(DnsMessage.RD));
        assertThat(answer.has(DnsMessage.RD)).isTrue();
        assertThat(answer.has(DnsMessage.CD) || answer.has(DnsMessage.RA)).isFalse();
        assertThat(walk.ask(query(DnsMessage.CD)).flags() & ~Header.RCODE_MASK)
                .isEqualTo(DnsMessage.QR | DnsMessage.CD);
    }

    @Test
    void rulesForOwnAnswersHaveTheLastWord() {
        lua(Result.REFUSED);
        walk.model
                .selfAnsweredRules()
                .add(Rule.of(
                        ALL,
                        new ResponseAction.Custom("Lua script", query -> {
                            Header.set(query.packet(), Header.CD, true);
                            Header.set(query.packet(), Header.RD, false);
                            return ResponseResult.NONE;
                        }),
                        null,
                        ""));
        assertThat(walk.ask(query(DnsMessage.RD)).flags())
                .isEqualTo(DnsMessage.QR | DnsMessage.CD | DnsMessage.REFUSED);
    }

    @Test
    void anOptOfOursIsNotInAnAnswerOfOurs() {
        walk.rule(ALL, new Action.SetEdnsOption(65_001, new byte[] {1}));
        spoof();
        assertThat(walk.ask(query(0)).opt()).isEmpty();
    }

    @Test
    void anAddressOfTheOtherFamilyEndsTheRulesAndTheQueryGoesOn() {
        walk.backend("192.0.2.1");
        walk.rule(ALL, new Action.Custom("Lua script", query -> {
            query.decided().setActionParameter("2001:db8::1");
            return Result.SPOOF;
        }));
        walk.rule(ALL, new Action.Drop());
        assertThat(walk.send(query(DnsMessage.RD))).isEqualTo(WalkVerdict.PARK);
    }
}
