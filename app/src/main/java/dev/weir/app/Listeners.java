package dev.weir.app;

import dev.weir.config.Configuration;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.TlsControl;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.Message;
import dev.weir.engine.model.Engine;
import dev.weir.engine.task.FaultGuard;
import dev.weir.net.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * All places where the process listens, with the description that each was opened by, in the order of the configuration. Belongs to the thread
 * that starts, and later to the one that reads the configuration again.
 */
final class Listeners {
    private static final Message LISTENING =
            new Message("setup", "Listening on Do53 frontend", "Listening on {frontend.address}");
    private static final Message LISTENING_DOT =
            new Message("setup", "Listening on DoT frontend", "Listening on {frontend.address} for TLS");
    private static final Message LISTENING_DOH =
            new Message("setup", "Listening on DoH frontend", "Listening on {frontend.address} for DoH");
    private static final Message LISTENING_DOQ =
            new Message("setup", "Listening on DoQ frontend", "Listening on {frontend.address} for DoQ");
    private static final Message LISTENING_DOH3 =
            new Message("setup", "Listening on DoH3 frontend", "Listening on {frontend.address} for DoH3");
    private static final Message LISTENING_DNSCRYPT =
            new Message("setup", "Listening on DNSCrypt frontend", "Listening on {frontend.address} for DNSCrypt");
    private static final FaultGuard CLOSING = new FaultGuard("Error while closing a listener", "reload");

    private final Engine engine;

    /** In the order in which they open. */
    private final List<Transport> transports;

    private List<Open> all = List.of();

    /** A listener, and what became of it. */
    private record Open(ListenSpec spec, List<Frontend> frontends) {}

    Listeners(Engine engine, List<Transport> transports) {
        this.engine = engine;
        this.transports = transports;
    }

    /** What is listened at, as it was asked for. */
    List<ListenSpec> specs() {
        return all.stream().map(Open::spec).toList();
    }

    /**
     * Opens all sockets, the stream socket of the first listener last: scripts take a connection to it as the sign that everything else is
     * up. The engine lists them in the order of the configuration all the same.
     *
     * @throws IOException with the line of the configuration that asked for what could not be opened
     */
    void open(List<ListenSpec> wanted, Configuration configuration) throws IOException {
        all = openAll(wanted, List.of(), configuration);
        list();
        show(configuration);
        all.forEach(Listeners::tell);
    }

    /** @param sharing those that are still open at the same place */
    private List<Open> openAll(List<ListenSpec> wanted, List<Open> sharing, Configuration configuration)
            throws IOException {
        List<Open> opened =
                wanted.stream().map(spec -> new Open(spec, new ArrayList<>())).toList();
        try {
            for (Transport transport : transports) {
                for (Open each : transport == transports.getLast() ? opened.reversed() : opened) {
                    boolean shares = sharing.stream().anyMatch(other -> atTheSamePlace(each.spec, other.spec));
                    ListenSpec spec = shares ? each.spec.sharing() : each.spec;
                    Frontend frontend = open(transport, spec, configuration);
                    if (frontend != null) {
                        each.frontends.add(frontend);
                    }
                }
            }
            return opened;
        } catch (IOException e) {
            close(opened);
            throw e;
        }
    }

    /** Opens a socket, and says which line of the configuration asked for it if that fails. */
    private static @Nullable Frontend open(Transport transport, ListenSpec spec, Configuration configuration)
            throws IOException {
        try {
            return transport.open(spec);
        } catch (IOException e) {
            String place =
                    configuration.listenerPlaces.getOrDefault(spec.address().toString(), "");
            throw place.isEmpty() ? e : new IOException(place + ": " + e.getMessage(), e);
        }
    }

    /** Closes them all at the same time, each when it has answered what it was asked. */
    private void close(List<Open> some) {
        List<Thread> closing = new ArrayList<>();
        for (Open each : some) {
            for (Frontend frontend : each.frontends) {
                closing.add(Thread.ofPlatform()
                        .daemon()
                        .name("closing")
                        .start(CLOSING.around(() -> transports.forEach(transport -> transport.close(frontend)))));
            }
        }
        for (Thread thread : closing) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ---- another configuration

    /** Others are to take the place of those there are. */
    final class Exchange {
        private final List<Open> next;
        private final List<Open> gone;
        private final List<Open> fresh;
        private final List<ListenSpec> wanted;

        private Exchange(List<Open> next, List<Open> gone, List<Open> fresh, List<ListenSpec> wanted) {
            this.wanted = wanted;
            this.next = next;
            this.gone = gone;
            this.fresh = fresh;
        }

        /** Serves at the new ones, shows all that the configuration wants, and closes those that went. */
        void commit(Configuration configuration, List<String> notes) {
            all = next;
            list();
            takeCertificates();
            transports.forEach(Transport::start);
            show(configuration);
            fresh.forEach(Listeners::tell);
            reloadCertificates(notes);
            close(gone);
        }

        /** Everything is as it was. */
        void giveUp() {
            close(fresh);
            transports.forEach(Transport::start);
        }

        /** Of DNSCrypt: scripts of the new configuration know those of its own description. */
        private void takeCertificates() {
            for (int i = 0; i < next.size(); i++) {
                if (next.get(i).spec instanceof ListenSpec.Dnscrypt running
                        && wanted.get(i) instanceof ListenSpec.Dnscrypt read) {
                    running.certificates().serve(read.certificates());
                }
            }
        }

        private void reloadCertificates(List<String> notes) {
            for (Open each : next) {
                for (Frontend frontend : fresh.contains(each) ? List.<Frontend>of() : each.frontends) {
                    TlsControl control = frontend.tlsControl();
                    try {
                        if (control != null) {
                            control.reload();
                        }
                    } catch (IOException e) {
                        String note = frontend + " keeps its certificates: " + e.getMessage();
                        notes.add(note);
                        Log.error("Unable to read certificates again", "reload", "error", note);
                    }
                }
            }
        }
    }

    /**
     * Opens what is new among these, which is served from {@link Exchange#commit} on. A listener that is wanted otherwise at the same place goes on
     * until then if two sockets can share it, else it is closed before.
     *
     * @throws IOException if something can't be opened; everything is as it was
     */
    Exchange prepare(List<ListenSpec> wanted, Configuration configuration) throws IOException {
        List<Open> gone = new ArrayList<>(all);
        List<@Nullable Open> kept = new ArrayList<>();
        for (ListenSpec spec : wanted) {
            Open same = gone.stream()
                    .filter(each -> each.spec.equals(spec))
                    .findFirst()
                    .orElse(null);
            gone.remove(same);
            kept.add(same);
        }
        transports.forEach(Transport::hold);
        List<Open> changed = gone.stream()
                .filter(each -> wanted.stream().anyMatch(spec -> atTheSamePlace(spec, each.spec)))
                .toList();
        List<ListenSpec> fresh = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            if (kept.get(i) == null) {
                fresh.add(wanted.get(i));
            }
        }
        List<Open> opened;
        try {
            opened = replace(changed, gone, fresh, configuration);
        } catch (IOException e) {
            transports.forEach(Transport::start);
            throw e;
        }
        List<Open> next = new ArrayList<>();
        for (int i = 0, at = 0; i < wanted.size(); i++) {
            Open same = kept.get(i);
            next.add(same == null ? opened.get(at++) : same);
        }
        return new Exchange(next, gone, opened, wanted);
    }

    private static boolean atTheSamePlace(ListenSpec one, ListenSpec other) {
        return one.address().equals(other.address()) && one.protocol() == other.protocol();
    }

    /** Where both can be open for a while nothing is lost: the old one is closed when the new one serves. */
    private List<Open> replace(List<Open> changed, List<Open> gone, List<ListenSpec> fresh, Configuration configuration)
            throws IOException {
        boolean shared = changed.stream()
                .flatMap(each -> each.frontends.stream())
                .allMatch(frontend -> transports.stream().allMatch(transport -> transport.share(frontend)));
        if (shared) {
            try {
                return openAll(fresh, changed, configuration);
            } catch (IOException e) {
                if (changed.isEmpty()) {
                    throw e;
                }
                // Not after the user has changed, for one: sockets share an address with those of the same user.
                Log.debug("A listener is closed before it is opened again", "reload", "error", e.getMessage());
            }
        }
        close(changed);
        gone.removeAll(changed);
        try {
            return openAll(fresh, List.of(), configuration);
        } catch (IOException e) {
            for (Open each : changed) {
                Open again =
                        openAll(List.of(each.spec), List.of(), configuration).getFirst();
                each.frontends.clear();
                each.frontends.addAll(again.frontends);
            }
            list();
            throw e;
        }
    }

    /** Sockets that the former filter stands before, or none does, get the new one. */
    void filterBy(@Nullable KernelFilter former, @Nullable KernelFilter filter) {
        if (former == filter || filter != null && filter.spec().external()) {
            return;
        }
        for (Frontend frontend : engine.frontends()) {
            if (frontend.protocol().isQuic() || frontend.filter() != former) {
                continue;
            }
            try {
                if (filter == null) {
                    frontend.detach();
                } else {
                    frontend.attach(filter);
                }
            } catch (KernelException e) {
                Log.error(
                        "A packet filter could not be put before a socket",
                        "ebpf",
                        "frontend.address",
                        frontend.address(),
                        "error",
                        e.getMessage());
            }
        }
    }

    // ---- what others see

    private void list() {
        engine.listFrontends(
                all.stream().flatMap(each -> each.frontends.stream()).toList());
    }

    private void show(Configuration configuration) {
        for (Open each : all) {
            each.frontends.forEach(frontend -> frontend.setHttpResponses(configuration.httpResponses.getOrDefault(
                    each.spec.protocol() + " " + each.spec.address(), List.of())));
        }
    }

    private static void tell(Open each) {
        if (!each.frontends.isEmpty()) {
            Frontend first = Objects.requireNonNull(each.frontends.getFirst());
            Log.info(listening(first.protocol()), "frontend.address", first.address());
        }
    }

    private static Message listening(Protocol protocol) {
        return switch (protocol) {
            case DNSCRYPT_UDP -> LISTENING_DNSCRYPT;
            case DOT -> LISTENING_DOT;
            case DOH -> LISTENING_DOH;
            case DOQ -> LISTENING_DOQ;
            case DOH3 -> LISTENING_DOH3;
            default -> LISTENING;
        };
    }
}
