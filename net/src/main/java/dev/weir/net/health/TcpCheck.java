package dev.weir.net.health;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.Health.Outcome;
import dev.weir.net.OwnWant;
import dev.weir.net.StreamAsker;
import dev.weir.net.health.CheckRunner.Ended;
import java.net.SocketTimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What comes of a check over a connection of its own (RFC 1035 4.2.2). */
record TcpCheck(Check check, Consumer<Ended> told) implements StreamAsker.Reply {
    @Override
    public void answered(byte[] message, @Nullable IpAddress local) {
        Outcome outcome = check.judge(message, message.length);
        told.accept(new Ended(check, outcome, check.explain(outcome), local));
    }

    @Override
    public void failed(Throwable cause) {
        Outcome outcome = cause instanceof SocketTimeoutException
                ? Outcome.TIMEOUT
                : OwnWant.is(cause) ? Outcome.UNASKED : Outcome.NETWORK;
        String detail = outcome == Outcome.TIMEOUT ? check.explain(outcome) : String.valueOf(cause.getMessage());
        told.accept(new Ended(check, outcome, detail, null));
    }
}
