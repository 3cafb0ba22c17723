package dev.weir.gate.filter;

import dev.weir.ebpf.map.BpfMap;
import dev.weir.sys.Bpf;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A map, and the pin by which it is found: when another process has pinned a larger one in its place ({@link dev.weir.gate.guard.Growth}), this
 * becomes that one. Callers take turns.
 */
final class SharedMap implements AutoCloseable {
    private final Bpf bpf;
    private final @Nullable Path pin;
    private BpfMap map;
    private @Nullable BpfMap last;
    private @Nullable Object file;

    /** @param pin null if it is not pinned, or whoever uses the map can't change to another */
    SharedMap(Bpf bpf, BpfMap map, @Nullable Path pin) {
        this.bpf = bpf;
        this.map = map;
        this.pin = pin;
        this.file = fileNow();
    }

    BpfMap map() {
        return map;
    }

    /** Looks at the pin, takes up what it stands for now, and returns whether that is another map. A pin that is gone leaves the map as it is. */
    boolean follow() throws SyscallException {
        Object now = fileNow();
        if (pin == null || now == null || Objects.equals(file, now)) {
            return false;
        }
        BpfMap other = BpfMap.openPinned(bpf, pin);
        if (other.keyBytes() != map.keyBytes()
                || other.valueBytes() != map.valueBytes()
                || other.type() != map.type()) {
            other.close();
            return false;
        }
        // Somebody may be reading it.
        if (last != null) {
            last.close();
        }
        last = map;
        map = other;
        file = now;
        return true;
    }

    /** Each pin is a file of its own, whatever its name. */
    private @Nullable Object fileNow() {
        if (pin == null) {
            return null;
        }
        try {
            return Files.readAttributes(pin, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public void close() {
        if (last != null) {
            last.close();
        }
        map.close();
    }
}
