package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.ReplyPort;
import dev.weir.engine.walk.QueryPath;
import dev.weir.engine.walk.ResponsePath;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.engine.walk.Worker;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@code dq:setRestartable()} and {@code dr:restart()} as an operator writes them. */
class RestartTest {
    private static final DnsQuery QUERY = DnsQuery.of("www.example.net.", DnsMessage.A);

    private final Deque<Query> inFlight = new ArrayDeque<>();
    private final List<Integer> replies = new ArrayList<>();

    @Test
    void aFailedQueryIsTriedInAnotherPool() {
        World world = new World().with("""
                newServer({address="192.0.2.1", name="first", healthCheckMode="up"})
                newServer({address="192.0.2.2", name="second", pool="second", healthCheckMode="up"})
                addAction(AllRule(), LuaAction(function(dq)
                  kept = dq:setRestartable()
                  return DNSAction.None, ""
                end))
                addResponseAction(RCodeRule(DNSRCode.SERVFAIL), LuaResponseAction(function(dr)
                  if dr:getRestartCount() == 0 then
                    dr.pool = "second"
                    restarted = dr:restart()
                  end
                  return DNSResponseAction.None, ""
                end))
                """);
        Endpoint here = Endpoint.parse("127.0.0.1:53", 53);
        Worker worker = new Worker(world.model.engine(), new Random(1));
        ResponsePath responses = new ResponsePath(worker);
        QueryPath path = new QueryPath(worker, responses, (query, backend) -> {
            query.keepQuestion();
            return inFlight.add(query);
        });
        Query query = new Query();
        query.origin().peer().set(here);
        query.origin().local().set(here);
        byte[] packet = QUERY.packet();
        Frontend frontend = new Frontend(here, Protocol.DO_UDP, false);
        query.begin(Protocol.DO_UDP, frontend, Arrays.copyOf(packet, Query.BUFFER), packet.length, 0);
        query.origin().replyTo(new Replies(), 0);

        assertThat(path.datagram(query, false)).isEqualTo(WalkVerdict.PARK);
        assertThat(backendName(inFlight.getFirst())).isEqualTo("first");
        answer(responses, DnsMessage.SERVFAIL);
        assertThat(backendName(inFlight.getFirst())).isEqualTo("second");
        assertThat(replies).isEmpty();
        answer(responses, DnsMessage.NXDOMAIN);
        assertThat(replies).containsExactly(DnsMessage.NXDOMAIN);
        assertThat(world.ask("return tostring(kept) .. tostring(restarted)")).isEqualTo("truetrue\n");
    }

    private static String backendName(Query query) {
        return query.found().backend() == null ? "" : query.found().backend().name();
    }

    private void answer(ResponsePath responses, int rcode) {
        byte[] answer = QUERY.message().reply(rcode).compose();
        responses.answered(inFlight.removeFirst(), Arrays.copyOf(answer, Query.BUFFER), answer.length, false);
    }

    private final class Replies implements ReplyPort {
        @Override
        public void reply(Query query) {
            replies.add(DnsMessage.parse(query.packetCopy()).rcode());
        }

        @Override
        public void abandon(Query query) {
            replies.add(-1);
        }
    }
}
