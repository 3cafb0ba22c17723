package dev.weir.gate.guard;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.ebpf.map.Codec;
import dev.weir.ebpf.map.TypedMap;
import dev.weir.ebpf.ring.RingReader;
import dev.weir.engine.kernel.KernelException;
import dev.weir.gate.table.Event;
import dev.weir.gate.table.Settings;
import dev.weir.gate.table.Table;
import dev.weir.sys.Bpf;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UnixDatagram;
import java.io.IOException;
import java.nio.file.Files;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The events of all guards that share a directory, for as long as this is open: it switches sampling on, and off again when closed. There is
 * one ring, and each event goes to one of those who read it. One thread, but {@link #close} may be called by any.
 */
public final class GuardEvents implements AutoCloseable {
    private final BpfMap ring;
    private final BpfMap settings;
    private final RingReader reader;
    private final @Nullable UnixDatagram claim;
    private final String name;
    private final int sampledBefore;
    private boolean closed;

    private GuardEvents(
            BpfMap ring,
            BpfMap settings,
            RingReader reader,
            @Nullable UnixDatagram claim,
            String name,
            int sampledBefore) {
        this.ring = ring;
        this.settings = settings;
        this.reader = reader;
        this.claim = claim;
        this.name = name;
        this.sampledBefore = sampledBefore;
    }

    /**
     * Starts sampling.
     *
     * @param sampleEvery one packet in so many makes an event
     * @throws KernelException ABSENT if no guard has made the ring
     */
    public static GuardEvents open(Bpf bpf, GuardPins pins, int sampleEvery) throws IOException {
        if (!Files.exists(pins.table(Table.EVENTS)) || !Files.exists(pins.table(Table.SETTINGS))) {
            throw new KernelException(
                    KernelException.Reason.ABSENT,
                    "no guard has its events in " + pins.directory() + ": weir xdp attach makes them");
        }
        BpfMap ring = BpfMap.openPinned(bpf, pins.table(Table.EVENTS));
        BpfMap settings = null;
        RingReader reader = null;
        UnixDatagram claim = null;
        try {
            settings = BpfMap.openPinned(bpf, pins.table(Table.SETTINGS));
            reader = new RingReader(ring);
            String name = "@weir-xdp-watch-" + ring.info().id();
            claim = claim(name);
            // What others left unread is not news.
            reader.drain((memory, offset, length) -> {});
            int sampledBefore = current(settings).sampleEvery();
            GuardEvents events = new GuardEvents(ring, settings, reader, claim, name, sampledBefore);
            sample(settings, sampleEvery);
            return events;
        } catch (IOException | RuntimeException e) {
            if (claim != null) {
                claim.close();
            }
            if (reader != null) {
                reader.close();
            }
            if (settings != null) {
                settings.close();
            }
            ring.close();
            throw e;
        }
    }

    private static TypedMap<Integer, Settings> setting(BpfMap settings) {
        return settings.typed(Codec.U32, Settings.CODEC);
    }

    private static Settings current(BpfMap settings) throws SyscallException {
        return setting(settings).lookup(0).orElse(Settings.DEFAULT);
    }

    private static void sample(BpfMap settings, int every) throws SyscallException {
        setting(settings).put(0, current(settings).withSampleEvery(every));
    }

    /** Takes the place of the one who watches; returns null if it is taken. It is free again when its owner ends, killed or not. */
    private static @Nullable UnixDatagram claim(String name) throws SyscallException {
        try {
            return UnixDatagram.bind(name);
        } catch (SyscallException e) {
            if (e.errno() == Errno.EADDRINUSE) {
                return null;
            }
            throw e;
        }
    }

    /** Returns whether someone else reads the same events: each of us sees a part of them. */
    public boolean isShared() {
        return claim == null;
    }

    /**
     * Waits for events and hands over those that there are.
     *
     * @param timeoutMs 0 does not wait, -1 waits without end
     */
    public void poll(int timeoutMs, Consumer<Event> visitor) throws SyscallException {
        int result = reader.poll(timeoutMs, (memory, offset, length) -> {
            if (length >= Event.LAYOUT.byteSize()) {
                visitor.accept(Event.read(memory, offset));
            }
        });
        if (result < 0 && result != -Errno.EINTR) {
            throw new SyscallException("epoll_wait", -result);
        }
    }

    /**
     * Switches sampling back to what it was; off if whoever had switched it on has gone meanwhile. Leaves the memory that a {@link #poll} may be
     * reading as it is: for the end of a process.
     */
    public synchronized void stop() throws SyscallException {
        if (closed) {
            return;
        }
        closed = true;
        boolean othersLeft = false;
        if (claim == null) {
            try (UnixDatagram free = claim(name)) {
                othersLeft = free == null;
            }
        }
        sample(settings, othersLeft ? sampledBefore : 0);
    }

    /** Switches sampling back to what it was, once nobody polls. */
    @Override
    public void close() throws SyscallException {
        try {
            stop();
        } finally {
            if (claim != null) {
                claim.close();
            }
            reader.close();
            settings.close();
            ring.close();
        }
    }
}
