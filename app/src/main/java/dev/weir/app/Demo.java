package dev.weir.app;

import dev.weir.app.demo.DemoAuthority;
import dev.weir.app.demo.SampleConfiguration;
import dev.weir.app.demo.SampleLoad;
import dev.weir.app.demo.Screen;
import dev.weir.app.demo.StatusLine;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.log.Log;
import dev.weir.engine.task.FaultGuard;
import dev.weir.web.console.ConsoleKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code weir demo}: the daemon as it is, with a sample configuration in front of backends of its own, and a status line. */
final class Demo {
    private static final FaultGuard STATUS = new FaultGuard("Error in the status line", "demo");
    private static final List<String> BACKENDS = List.of("alpha", "beta", "gamma");
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    /** On a terminal the status line is written over each second; elsewhere each is one more line. */
    private static final int SECONDS_BETWEEN_LINES = 5;

    private static final String LOAD =
            "Eight clients of its own ask now, and 127.0.0.66 floods now and then; --no-load leaves them out.\n";

    private final DemoOptions options;
    private final ServiceLoader loader;
    private final Shutdown shutdown;
    private final boolean terminal = Daemon.terminal();
    private final Screen screen;
    private final List<DemoAuthority> backends = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable SampleConfiguration sample;
    private volatile @Nullable StatusLine status;

    /** @param loader loads the sample configuration */
    Demo(DemoOptions options, ServiceLoader loader, Shutdown shutdown) {
        this.options = options;
        this.loader = loader;
        this.shutdown = shutdown;
        this.screen = new Screen(System.out, terminal, options.quiet());
    }

    /** Runs until the process is told to stop; returns the exit status of a start that failed. */
    int run() {
        Log.sink(screen);
        shutdown.lastly(this::end);
        try {
            for (String name : BACKENDS) {
                backends.add(DemoAuthority.start(name));
            }
            SampleConfiguration written = SampleConfiguration.write(
                    new SampleConfiguration.Places(
                            options.listen(),
                            freeAddress(),
                            ConsoleKey.random().base64(),
                            freeAddress(),
                            Long.toHexString(new SecureRandom().nextLong())),
                    backends);
            sample = written;
            ServiceManager nobody = ServiceManager.none();
            return new Daemon(new Loader(written), nobody, shutdown)
                    .run(daemonOptions(written), InputStream.nullInputStream());
        } catch (IOException e) {
            System.err.println("weir: the demo cannot be set up: " + e);
            return 1;
        } finally {
            close();
        }
    }

    private static CommandLine daemonOptions(SampleConfiguration sample) {
        try {
            return OptionParser.parse(
                    "-C", sample.path().toString(), "--supervised", "--disable-syslog", "--structured-logging=false");
        } catch (UsageException e) {
            throw new AssertionError("our own command line", e);
        }
    }

    /** A port that is free now: the usual one may belong to a daemon on this machine. */
    private static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 0, LOOPBACK)) {
            return (InetSocketAddress) probe.getLocalSocketAddress();
        }
    }

    /** Loads as always, and hears of what happens to the service. */
    private final class Loader implements ServiceLoader {
        private final SampleConfiguration written;

        Loader(SampleConfiguration written) {
            this.written = written;
        }

        @Override
        public Service load(CommandLine daemonOptions, Purpose purpose, Exit exit) throws StartException {
            return new DemoService(loader.load(daemonOptions, purpose, exit), options.listen()) {
                @Override
                void started() {
                    // Who has read the banner may end the demo, and is told the sum.
                    StatusLine line = new StatusLine(engine(), System.nanoTime());
                    status = line;
                    screen.say(banner(written));
                    Thread.ofPlatform().daemon().name("demo-status").start(() -> showStatus(line));
                    if (options.load()) {
                        SampleLoad.start(options.listen(), ended);
                    }
                }

                @Override
                void stopping() {
                    screen.endStatus();
                }
            };
        }
    }

    private void showStatus(StatusLine line) {
        int[] second = {0};
        STATUS.repeat(() -> ended.getCount() > 0, () -> {
            if (ended.await(1, TimeUnit.SECONDS)) {
                return;
            }
            second[0]++;
            if (second[0] == options.seconds()) {
                shutdown.shutdown();
            }
            if (terminal || second[0] % SECONDS_BETWEEN_LINES == 0) {
                screen.status(line.next(System.nanoTime()));
            }
        });
    }

    private String banner(SampleConfiguration written) {
        InetSocketAddress listen = options.listen();
        InetAddress server = listen.getAddress().isAnyLocalAddress() ? LOOPBACK : listen.getAddress();
        String dig = "  dig @" + IpAddress.of(server.getAddress()) + " -p " + listen.getPort() + ' ';
        return """

                Weir answers on %s, UDP and TCP, from three backends inside this process. Try:

                %swww.demo.example
                %swhoami.demo.example TXT +short    (each time another backend)
                %sbig.demo.example TXT              (truncated, then over TCP)
                %srefused.demo.example              (a rule's work)

                Dashboard: http://%s/    (API key, to change things: %s)
                %s
                Configuration, while this runs: %s
                Console: ./weir -C %s -c    (then showServers(), showRules(), ...)
                Ctrl-C ends it.

                """.formatted(
                        SampleConfiguration.text(listen),
                        dig,
                        dig,
                        dig,
                        dig,
                        SampleConfiguration.text(written.places().web()),
                        written.places().apiKey(),
                        options.load() && SampleLoad.isPossible(options.listen()) ? LOAD : "",
                        written.path(),
                        written.path());
    }

    private void end() {
        StatusLine line = status;
        if (line != null) {
            screen.say(line.summary() + '\n');
        }
        close();
    }

    /** Takes back all that the demo put into the world. May be called more than once. */
    private synchronized void close() {
        ended.countDown();
        backends.forEach(DemoAuthority::close);
        SampleConfiguration written = sample;
        if (written != null) {
            try {
                written.close();
            } catch (IOException e) {
                System.err.println("weir: the demo's configuration is left behind: " + e);
            }
        }
    }
}
