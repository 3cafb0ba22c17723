package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.action.Action;
import dev.weir.engine.rule.NameSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.TcpClient;
import dev.weir.wire.Name;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An error in whatever runs on an event loop ends neither the loop nor its timers. */
class EnduringLoopTest {
    private static final Duration SECONDS = Duration.ofSeconds(10);

    static List<Error> errors() {
        return List.of(
                new StackOverflowError("planted"),
                new OutOfMemoryError("planted"),
                new NoClassDefFoundError("planted"));
    }

    /** A connection that fails when its deadline is reached. */
    private static final class Failing extends Connection {
        private final Error error;
        private final AtomicInteger fired = new AtomicInteger();

        Failing(StreamLoop loop, Error error) {
            super(loop);
            this.error = error;
        }

        @Override
        void deadlineReached(long nowNanos) {
            fired.incrementAndGet();
            throw error;
        }

        @Override
        void outputFailed() {}
    }

    @ParameterizedTest
    @MethodSource("errors")
    void theWheelTurnsOn(Error error) {
        try (Streams streams = Streams.create().start()) {
            StreamLoop loop = streams.transport.awaitLoops().loops()[0];
            Failing first = new Failing(loop, error);
            Failing second = new Failing(loop, error);
            loop.execute(() -> {
                loop.wheel().set(first.deadline, loop.nowNanos());
                loop.wheel().set(second.deadline, loop.nowNanos());
            });
            Await.until("both fired", SECONDS, () -> first.fired.get() == 1 && second.fired.get() == 1);
            loop.execute(() -> loop.wheel().set(first.deadline, loop.nowNanos()));
            Await.until("fired again", SECONDS, () -> first.fired.get() == 2);
        }
    }

    @ParameterizedTest
    @MethodSource("errors")
    void theLoopTakesTheNextEvent(Error error) throws InterruptedException {
        try (Streams streams = Streams.create().start()) {
            StreamLoop loop = streams.transport.awaitLoops().loops()[0];
            long before = StreamLoop.GUARD.count();
            loop.execute(() -> {
                throw error;
            });
            CountDownLatch next = new CountDownLatch(1);
            loop.execute(next::countDown);
            assertThat(next.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(StreamLoop.GUARD.count()).isGreaterThan(before);
        }
    }

    /** In a rule: that client's connection ends at once, others are served. */
    @ParameterizedTest
    @MethodSource("errors")
    void aRuleThatFailsEndsOneConnection(Error error) throws Exception {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                Streams streams = Streams.create().backend(backend).start()) {
            streams.model
                    .rules()
                    .add(Rule.of(
                            new NameSelector.QName(Name.parse("bad.example.")),
                            new Action.Custom("throw", query -> {
                                throw error;
                            }),
                            null,
                            ""));
            long before = StreamLoop.GUARD.count();
            try (TcpClient bad = streams.connect();
                    TcpClient good = streams.connect()) {
                bad.send(DnsQuery.of("bad.example.", DnsMessage.A).packet());
                assertThat(bad.closedWithin(SECONDS)).isTrue();
                assertThat(good.ask(DnsQuery.of("good.example.", DnsMessage.A)).rcode())
                        .isZero();
            }
            assertThat(StreamLoop.GUARD.count()).isGreaterThan(before);
        }
    }

    /** Netty itself ends a loop whose selection throws an error. */
    @ParameterizedTest
    @MethodSource("errors")
    void aSelectionThatFailsIsNotTheLast(Error error) throws InterruptedException {
        AtomicInteger turns = new AtomicInteger();
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1,
                EnduringIo.around(
                        executor -> new Planted(NioIoHandler.newFactory().newHandler(executor), error, turns)));
        try {
            for (int i = 0; i < 3; i++) {
                CountDownLatch done = new CountDownLatch(1);
                group.next().execute(done::countDown);
                assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
            }
            Await.until("selected again", SECONDS, () -> {
                group.next().execute(() -> {});
                return turns.get() > 2;
            });
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    /** Fails in its first selection. */
    private record Planted(IoHandler io, Error error, AtomicInteger turns) implements IoHandler {
        @Override
        public int run(IoHandlerContext context) {
            if (turns.incrementAndGet() == 1) {
                throw error;
            }
            return io.run(context);
        }

        @Override
        public void initialize() {
            io.initialize();
        }

        @Override
        public void prepareToDestroy() {
            io.prepareToDestroy();
        }

        @Override
        public void destroy() {
            io.destroy();
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            return io.register(handle);
        }

        @Override
        public void wakeup() {
            io.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return io.isCompatible(handleType);
        }
    }
}
