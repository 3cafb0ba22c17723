package dev.weir.net.stream;

import dev.weir.engine.listen.HttpSpec;
import dev.weir.engine.query.Query;
import dev.weir.net.http.Http3Requests;
import dev.weir.net.http.HttpQuestion;
import dev.weir.net.http.HttpReply;
import io.netty.channel.ChannelHandler;

/** A client's connection that speaks DNS over HTTP/3 (RFC 9114, RFC 8484): each of its streams is one request. Belongs to its loop's thread. */
final class DohQuicConnection extends QuicConnection implements DohRequests.Carrier {
    private static final int NO_ERROR = 0x100;
    static final int EXCESSIVE_LOAD = 0x107;

    private final DohRequests requests;

    DohQuicConnection(
            StreamLoop loop, QuicListener listener, ConnectionLimits limits, ClientIdentity identity, HttpSpec http) {
        super(loop, listener, limits, identity);
        this.requests = new DohRequests(loop, this, identity, listener.frontend(), http);
    }

    /** What stands in front of it. */
    ChannelHandler http() {
        return Http3Requests.connection(Stream::new);
    }

    /** One request on its way here. */
    private final class Stream implements Http3Requests.Taker {
        private int held;
        private boolean decided;

        Stream() {
            began();
        }

        @Override
        public void waits(int octets) {
            held += octets;
            DohQuicConnection.this.waits(octets);
        }

        @Override
        public void whole(HttpQuestion question) {
            decide();
            if (isEnding()) {
                return;
            }
            loop.begin();
            requests.take(question);
            armDeadline();
        }

        @Override
        public void gone(Object stream) {
            decide();
            requests.gone(stream);
        }

        private void decide() {
            if (!decided) {
                decided = true;
                decided(held);
            }
        }
    }

    @Override
    int noError() {
        return NO_ERROR;
    }

    @Override
    int excessiveLoad() {
        return EXCESSIVE_LOAD;
    }

    @Override
    boolean isWorking() {
        return !requests.isIdle();
    }

    @Override
    void forsake() {
        requests.forsake();
    }

    @Override
    public void took(Query query) {
        count(query);
    }

    @Override
    public void write(HttpReply reply) {
        (reply.status() == 200 ? listener.counters().valid : listener.counters().errors).increment();
        wrote(reply.body().length, Http3Requests.send(reply));
    }

    @Override
    public void worked() {
        done();
    }
}
