package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransferProgressTest {
    private static final int IXFR = 251;
    private static final DnsMessage.Rr A = DnsMessage.Rr.a("a.example.", 60, "192.0.2.1");

    private static DnsMessage.Rr soa(int serial) {
        DnsMessage.Rr soa = DnsMessage.Rr.soa("example.", 60);
        byte[] rdata = soa.rdata().clone();
        ByteBuffer.wrap(rdata).putInt(rdata.length - 20, serial);
        return new DnsMessage.Rr(soa.name(), soa.type(), soa.rclass(), soa.ttlSeconds(), rdata);
    }

    private static TransferProgress axfr() {
        byte[] query = DnsQuery.of("example.", DnsMessage.AXFR).packet();
        return new TransferProgress(query, query.length);
    }

    private static TransferProgress ixfr(int clientSerial) {
        byte[] query = DnsQuery.of("example.", IXFR)
                .message()
                .withAuthority(soa(clientSerial))
                .compose();
        return new TransferProgress(query, query.length);
    }

    private static boolean last(TransferProgress progress, DnsMessage.Rr... records) {
        byte[] message = new DnsMessage(1, DnsMessage.QR, List.of(), List.of(records), List.of(), List.of()).compose();
        return progress.isLast(message, message.length);
    }

    @Test
    void aFullZoneEndsWithItsSecondSoa() {
        TransferProgress progress = axfr();
        assertThat(last(progress, soa(3))).isFalse();
        assertThat(last(progress, A, A)).isFalse();
        assertThat(last(progress, A, soa(3))).isTrue();
        assertThat(last(axfr(), soa(3), A, soa(3))).isTrue();
    }

    @Test
    void differencesEndWithTheThirdSoaOfTheNewVersion() {
        assertThat(last(ixfr(1), soa(3), soa(1), A, soa(2), A, soa(2), soa(3), A, soa(3)))
                .isTrue();
        TransferProgress progress = ixfr(1);
        assertThat(last(progress, soa(3))).isFalse();
        assertThat(last(progress, soa(1))).isFalse();
        assertThat(last(progress, A, soa(3))).isFalse();
        assertThat(last(progress, A)).isFalse();
        assertThat(last(progress, soa(3))).isTrue();
    }

    @Test
    void aFullZoneMayAnswerForDifferences() {
        TransferProgress progress = ixfr(1);
        assertThat(last(progress, soa(3), A)).isFalse();
        assertThat(last(progress, A, soa(3))).isTrue();
    }

    @Test
    void aLoneSoaSaysThereIsNothingNew() {
        assertThat(last(ixfr(3), soa(3))).isTrue();
        assertThat(last(ixfr(4), soa(3))).isTrue();
        assertThat(last(ixfr(2), soa(3))).isFalse();
        assertThat(last(ixfr(-1), soa(1))).isFalse();
    }

    @Test
    void whatIsNoTransferIsComplete() {
        assertThat(last(axfr())).isTrue();
        byte[] refused = new DnsMessage(
                        1, DnsMessage.QR | DnsMessage.REFUSED, List.of(), List.of(), List.of(), List.of())
                .compose();
        assertThat(axfr().isLast(refused, refused.length)).isTrue();
    }

    @Test
    void whatStartsWithAnotherRecordHasNoEnd() {
        TransferProgress progress = axfr();
        assertThat(last(progress, A, soa(3))).isFalse();
        assertThat(last(progress, soa(3), soa(3))).isFalse();
        assertThat(last(ixfr(1), A)).isFalse();
    }
}
