package dev.weir.net.health;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.backend.Health.Outcome;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.Model;
import dev.weir.engine.task.FaultGuard;
import dev.weir.net.StreamAsker;
import dev.weir.wire.Header;
import dev.weir.wire.KernelRandom;
import dev.weir.wire.Name;
import dev.weir.wire.Rcode;
import dev.weir.wire.RecordClass;
import dev.weir.wire.RecordType;
import dev.weir.wire.Records;
import dev.weir.wire.ServiceBinding;
import dev.weir.wire.ServiceParameters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks backends which encrypted service they have, and has queries go there: "Discovery of Designated Resolvers" (RFC 9462) over TCP.
 *
 * <p>What a backend says is believed as far as the certificate of the service does: it must name the address of the backend that was asked, unless the
 * configuration names somebody else. A service is taken once it has answered a health check; until then, and if there is none, the backend stays what
 * it is. Belongs to the checking thread; answers come from event loops.
 */
final class BackendUpgrades {
    private static final FaultGuard GUARD = new FaultGuard("Error while upgrading a backend", "auto-upgrade");
    private static final Name ASKED = Name.parse("_dns.resolver.arpa.");
    private static final int DOT_PORT = 853;
    private static final int DOH_PORT = 443;
    private static final int IDS = 65_536;

    /** When one that is being asked, or has its service, is asked again. */
    private static final long NEVER = Long.MAX_VALUE;

    /** Of these we know what they mean; of others that a record says are needed we do not. */
    private static final Set<Integer> UNDERSTOOD = Set.of(
            ServiceBinding.ALPN,
            ServiceBinding.NO_DEFAULT_ALPN,
            ServiceBinding.PORT,
            ServiceBinding.IPV4_HINT,
            ServiceBinding.IPV6_HINT);

    private final Model model;
    private final StreamAsker streams;
    private final Runnable wake;
    private final KernelRandom random = new KernelRandom();
    private final IdentityHashMap<Backend, Long> nextSeconds = new IdentityHashMap<>();
    private final ConcurrentLinkedQueue<Step> answers = new ConcurrentLinkedQueue<>();

    /** What is to be done with an answer, at a second. */
    private record Step(Backend backend, BackendSpec.Upgrade how, LongConsumer what) {}

    /** @param wake has {@link #takeAnswers} called soon; any thread */
    BackendUpgrades(Model model, StreamAsker streams, Runnable wake) {
        this.model = model;
        this.streams = streams;
        this.wake = wake;
    }

    /** Asks those whose time has come. */
    void start(long nowSeconds) {
        for (Backend backend : model.backends()) {
            BackendSpec.Upgrade how = backend.spec().upgrade();
            if (how != null && nextSeconds.getOrDefault(backend, nowSeconds) <= nowSeconds) {
                nextSeconds.put(backend, NEVER);
                if (!GUARD.run(() -> ask(backend, how))) {
                    again(backend, how, nowSeconds);
                }
            }
        }
        nextSeconds.keySet().removeIf(Backend::isRemoved);
    }

    /** Goes on with what has been answered. */
    void takeAnswers(long nowSeconds) {
        for (Step one = answers.poll(); one != null; one = answers.poll()) {
            Step step = one;
            if (!GUARD.run(() -> step.what.accept(nowSeconds))) {
                again(step.backend, step.how, nowSeconds);
            }
        }
    }

    /** Nothing came of it this time. */
    private void again(Backend backend, BackendSpec.Upgrade how, long nowSeconds) {
        nextSeconds.put(backend, nowSeconds + how.intervalSeconds());
    }

    private void later(Backend backend, BackendSpec.Upgrade how, LongConsumer what) {
        answers.add(new Step(backend, how, what));
        wake.run();
    }

    private void ask(Backend backend, BackendSpec.Upgrade how) {
        BackendSpec.CheckQuestion question = new BackendSpec.CheckQuestion(ASKED, RecordType.SVCB, RecordClass.IN);
        Check check = Check.asking(backend, question, random.nextInt(IDS), System.nanoTime());
        streams.ask(backend, check.stream(), check.timeoutNanos(), new StreamAsker.Reply() {
            @Override
            public void answered(byte[] message, @Nullable IpAddress local) {
                later(backend, how, now -> {
                    boolean good = check.match(message, message.length) == Outcome.SUCCESS
                            && Header.rcode(message) == Rcode.NOERROR;
                    attempt(backend, good ? services(backend.spec(), how, message) : List.of(), how, now);
                });
            }

            @Override
            public void failed(Throwable cause) {
                later(backend, how, now -> again(backend, how, now));
                Log.debug(
                        "A backend was not asked for an encrypted service",
                        "auto-upgrade",
                        "backend.address",
                        backend.address(),
                        "error",
                        cause.getMessage());
            }
        });
    }

    // ---- what it says

    /** The services that an answer names and that we could use, the preferred one first. */
    static List<BackendSpec> services(BackendSpec spec, BackendSpec.Upgrade how, byte[] answer) {
        List<ServiceParameters> named = new ArrayList<>();
        Records records = new Records();
        int fault = records.start(answer, answer.length);
        while (fault >= 0) {
            fault = records.next();
            if (fault <= 0) {
                break;
            }
            if (records.section() == Records.ANSWER
                    && records.type() == RecordType.SVCB
                    && records.recordClass() == RecordClass.IN) {
                ServiceParameters read = ServiceParameters.parse(answer, records.rdOffset(), records.rdLength());
                if (read != null && read.priority() > 0) {
                    named.add(read);
                }
            }
        }
        named.sort(Comparator.comparingInt(ServiceParameters::priority));
        List<BackendSpec> usable = new ArrayList<>();
        for (ServiceParameters each : named) {
            add(spec, how, each, usable);
        }
        return usable;
    }

    private static void add(
            BackendSpec spec, BackendSpec.Upgrade how, ServiceParameters service, List<BackendSpec> to) {
        boolean understood =
                service.mandatory().stream().allMatch(key -> UNDERSTOOD.contains(key) || key == how.pathKey());
        String path = service.text(how.pathKey());
        int variables = path.indexOf('{');
        path = variables < 0 ? path : path.substring(0, variables);
        if (!understood) {
            return;
        }
        if (service.alpn().contains("dot")) {
            to.add(spec.upgraded(address(spec, service, DOT_PORT), "", how));
        } else if (service.alpn().contains("h2") && path.startsWith("/")) {
            to.add(spec.upgraded(address(spec, service, DOH_PORT), path, how));
        }
    }

    /** The backend's own address, unless it says that the service has others. */
    private static Endpoint address(BackendSpec spec, ServiceParameters service, int usualPort) {
        IpAddress own = spec.address().ip();
        List<IpAddress> hints = service.hints().stream().map(IpAddress::of).toList();
        IpAddress chosen = hints.isEmpty() || hints.contains(own)
                ? own
                : hints.stream()
                        .filter(hint -> hint.family() == own.family())
                        .findFirst()
                        .orElse(own);
        return new Endpoint(chosen, service.portOr(usualPort));
    }

    // ---- and what becomes of it

    private void attempt(Backend backend, List<BackendSpec> services, BackendSpec.Upgrade how, long nowSeconds) {
        if (services.isEmpty() || backend.isRemoved()) {
            again(backend, how, nowSeconds);
            return;
        }
        Backend candidate = new Backend(services.getFirst());
        Check check = Check.compose(candidate, random.nextInt(IDS), System.nanoTime());
        long timeoutNanos = Math.max(
                check.timeoutNanos(), 1_000_000_000L * candidate.spec().tcp().connectTimeoutSeconds());
        streams.ask(candidate, check.stream(), timeoutNanos, new StreamAsker.Reply() {
            @Override
            public void answered(byte[] message, @Nullable IpAddress local) {
                later(backend, how, now -> {
                    Outcome outcome = check.judge(message, message.length);
                    if (outcome == Outcome.SUCCESS) {
                        adopt(backend, candidate, how, now);
                    } else {
                        discard(backend, candidate, check.explain(outcome));
                        attempt(backend, services.subList(1, services.size()), how, now);
                    }
                });
            }

            @Override
            public void failed(Throwable cause) {
                later(backend, how, now -> {
                    discard(backend, candidate, String.valueOf(cause.getMessage()));
                    attempt(backend, services.subList(1, services.size()), how, now);
                });
            }
        });
    }

    private static void discard(Backend backend, Backend candidate, String why) {
        candidate.remove();
        Log.warning(
                "An encrypted service that a backend names can't be used",
                "auto-upgrade",
                "backend.address",
                backend.address(),
                "service.address",
                candidate.address(),
                "error",
                why);
    }

    private void adopt(Backend backend, Backend candidate, BackendSpec.Upgrade how, long nowSeconds) {
        if (backend.isRemoved()) {
            candidate.remove();
            return;
        }
        var _ = candidate.health().checked(Outcome.SUCCESS, nowSeconds);
        model.addBackend(candidate);
        if (!how.keep()) {
            model.removeBackend(backend);
        }
        Log.info(
                "A backend has an encrypted service, which is used now",
                "auto-upgrade",
                "backend.address",
                backend.address(),
                "service.address",
                candidate.address(),
                "service.path",
                candidate.spec().http() == null ? "" : candidate.spec().http().path());
    }
}
