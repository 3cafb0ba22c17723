package dev.weir.app.xdp;

import dev.weir.gate.guard.GuardEvents;
import dev.weir.gate.table.Event;
import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.NetworkInterface;
import dev.weir.sys.SyscallException;
import dev.weir.wire.Name;
import dev.weir.wire.RecordType;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code watch}: packets as the guards judge them. */
final class Watch {
    private static final int POLL_MS = 500;
    private static final int IPPROTO_TCP = 6;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    private final Session session;
    private final Map<Integer, String> devices = new HashMap<>();
    private long left;

    Watch(Session session) {
        this.session = session;
    }

    void run() throws IOException, NotUnderstoodException {
        int sampleEvery = session.words().number(Option.SAMPLE, 1, 1);
        left = session.words().number(Option.COUNT, 1, Integer.MAX_VALUE);
        boolean endless = !session.words().has(Option.COUNT);
        try (GuardEvents events = GuardEvents.open(session.bpf(), session.pins(), sampleEvery)) {
            session.atExit().accept(() -> stop(events));
            if (events.isShared()) {
                session.note(
                        "another 'weir xdp watch' is here: each event goes to one of you, and sampling is set for both");
            }
            name();
            while ((endless || left > 0) && !session.out().checkError()) {
                events.poll(POLL_MS, this::print);
                session.out().flush();
            }
        }
    }

    private void stop(GuardEvents events) {
        try {
            events.stop();
        } catch (SyscallException e) {
            session.note("sampling could not be switched off: " + e.getMessage());
        }
    }

    private void name() throws SyscallException {
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            for (NetworkInterface device : netlink.interfaces()) {
                devices.put(device.index(), device.name());
            }
        }
    }

    private void print(Event event) {
        if (left-- <= 0) {
            return;
        }
        Instant time = Instant.now().minusNanos(System.nanoTime() - event.timeNs());
        String device = devices.getOrDefault(event.interfaceIndex(), "#" + event.interfaceIndex());
        boolean tcp = event.protocol() == IPPROTO_TCP;
        Name name = event.name();
        String type = name == null ? "" : RecordType.toString(event.type());
        if (session.json()) {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("time", time.toString());
            line.put("interface", device);
            line.put("client", event.client().toString());
            line.put("port", Session.orNull(event.port()));
            line.put("protocol", tcp ? "tcp" : "udp");
            line.put("name", name == null ? null : name.toString());
            line.put("type", name == null ? null : type);
            line.put("verdict", EntryRow.lower(event.outcome()));
            session.emit(line);
            return;
        }
        session.out()
                .println(String.join(
                        "  ",
                        TIME.format(time),
                        device,
                        event.client() + (tcp ? " tcp" : ""),
                        name == null ? "-" : name.toString(),
                        name == null ? "-" : type,
                        EntryRow.lower(event.outcome())));
    }
}
