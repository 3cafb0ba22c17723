package dev.weir.ebpf.map;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.LoadedBtf;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.BpfKind;
import dev.weir.sys.BtfInfo;
import dev.weir.sys.Errno;
import dev.weir.sys.Fd;
import dev.weir.sys.HeldFds;
import dev.weir.sys.MapCreateAttr;
import dev.weir.sys.MapInfo;
import dev.weir.sys.Mmap;
import dev.weir.sys.PageSize;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A map of the kernel, by file descriptor. The kernel keeps it as long as anyone does: this handle, other handles, pins, programs that use it.
 *
 * <p>Close it after its slots, batches, mappings and ring readers; programs and pins may outlive it. Any thread may call.
 *
 * @see <a href="https://docs.kernel.org/bpf/maps.html">BPF maps</a>
 */
public final class BpfMap implements AutoCloseable {
    private static final int READ_ONLY_OPEN = 1 << 3;

    private final Bpf bpf;
    private final Fd fd;
    private final String name;
    private final @Nullable MapType type;
    private final int typeNumber;
    private final int keyBytes;
    private final int valueSize;
    private final int maxEntries;
    private @Nullable MapSlot ownSlot;

    private BpfMap(Bpf bpf, Fd fd, String name, int typeNumber, int keyBytes, int valueSize, int maxEntries) {
        this.bpf = bpf;
        this.fd = fd;
        this.name = name;
        this.typeNumber = typeNumber;
        this.type = MapType.ofNumber(typeNumber);
        this.keyBytes = keyBytes;
        this.valueSize = valueSize;
        this.maxEntries = maxEntries;
    }

    /** Makes a map in the running kernel. */
    public static BpfMap create(MapSpec spec) throws SyscallException {
        return create(Bpf.kernel(), spec, null);
    }

    /**
     * Makes a map. Contents are stored and the map frozen, if the spec says so; references are the business of
     * {@link dev.weir.ebpf.BpfObject}.
     *
     * @param btf what the spec's key and value types are in, null to make the map without types
     */
    public static BpfMap create(Bpf bpf, MapSpec spec, @Nullable LoadedBtf btf) throws SyscallException {
        BpfMap map;
        MapSpec innerSpec = spec.inner();
        if (innerSpec == null) {
            map = create(bpf, spec, null, btf);
        } else {
            // The kernel copies what inner maps must look like from one that may go afterwards.
            try (BpfMap template = create(bpf, innerSpec, btf)) {
                map = create(bpf, spec, template.fd, btf);
            }
        }
        try {
            map.fill(spec);
        } catch (SyscallException e) {
            map.close();
            throw e;
        }
        return map;
    }

    private static BpfMap create(Bpf bpf, MapSpec spec, @Nullable Fd inner, @Nullable LoadedBtf btf)
            throws SyscallException {
        try (HeldFds held = new HeldFds()) {
            return create(bpf, spec, held.numberOrZero(inner), btf == null ? 0 : held.number(btf.fd()));
        }
    }

    private static BpfMap create(Bpf bpf, MapSpec asked, int innerFd, int btfFd) throws SyscallException {
        MapSpec spec = asked.asTheKernelWants();
        boolean typed = btfFd != 0 && spec.type().takesBtf() && spec.valueType() != 0;
        MapCreateAttr attr = new MapCreateAttr(
                spec.type().number(),
                spec.keySize(),
                spec.valueSize(),
                spec.maxEntries(),
                spec.flags(),
                innerFd,
                0,
                kernelName(spec.name()),
                typed ? btfFd : 0,
                typed ? spec.keyType() : 0,
                typed ? spec.valueType() : 0,
                spec.extra());
        Fd fd;
        try {
            fd = bpf.mapCreate(attr);
        } catch (SyscallException e) {
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
            throw SyscallException.explained(e.call(), e.errno(), MapRefusal.of(spec));
        }
        return new BpfMap(bpf, fd, attr.mapName(), attr.mapType(), attr.keySize(), attr.valueSize(), attr.maxEntries());
    }

    /** Returns what the kernel accepts as a name: letters, digits, underscore and dot, at most 15. */
    private static String kernelName(String name) {
        StringBuilder accepted = new StringBuilder();
        for (int i = 0; i < name.length() && accepted.length() < 15; i++) {
            char c = name.charAt(i);
            boolean plain = c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '.');
            accepted.append(plain ? c : '_');
        }
        return accepted.toString();
    }

    private void fill(MapSpec spec) throws SyscallException {
        if (spec.contents().length > 0) {
            typed(Codec.U32, Codec.bytes(valueBytes())).put(0, spec.contents());
        }
        if (spec.frozen()) {
            freeze();
        }
    }

    /** Opens a map of the running kernel by its id. Needs CAP_SYS_ADMIN. */
    public static BpfMap open(int id) throws SyscallException {
        return open(Bpf.kernel(), id);
    }

    /** Opens what is pinned at a path. @throws SyscallException EINVAL if it is no map */
    public static BpfMap openPinned(Path path) throws SyscallException {
        return openPinned(Bpf.kernel(), path);
    }

    /** The same, for reading only. Since Linux 4.15. */
    public static BpfMap openPinnedReadOnly(Path path) throws SyscallException {
        return openPinnedReadOnly(Bpf.kernel(), path);
    }

    /** Opens what is pinned at a path, if it is what the spec describes. @throws MapMismatchException if it is not, with every difference */
    public static BpfMap openPinned(Path path, MapSpec expected) throws IOException {
        return openPinned(Bpf.kernel(), path, expected);
    }

    /** Opens a map by its id. Needs CAP_SYS_ADMIN. */
    public static BpfMap open(Bpf bpf, int id) throws SyscallException {
        return adopt(bpf, bpf.openId(BpfKind.MAP, id));
    }

    /** Opens what is pinned at a path. @throws SyscallException EINVAL if it is no map */
    public static BpfMap openPinned(Bpf bpf, Path path) throws SyscallException {
        return adopt(bpf, BpfKind.MAP.openPinned(bpf, path, 0));
    }

    /** The same, for reading only. Since Linux 4.15. */
    public static BpfMap openPinnedReadOnly(Bpf bpf, Path path) throws SyscallException {
        return adopt(bpf, BpfKind.MAP.openPinned(bpf, path, READ_ONLY_OPEN));
    }

    /**
     * Opens what is pinned at a path, if it is what the spec describes.
     *
     * @throws MapMismatchException if it is not, with every difference
     */
    public static BpfMap openPinned(Bpf bpf, Path path, MapSpec expected) throws IOException {
        BpfMap map = openPinned(bpf, path);
        List<String> differences;
        try {
            differences = map.differences(expected);
        } catch (SyscallException e) {
            map.close();
            throw e;
        }
        if (!differences.isEmpty()) {
            map.close();
            throw new MapMismatchException(path, differences);
        }
        return map;
    }

    /** Takes over a descriptor, which is closed if it is no map's. */
    public static BpfMap adopt(Bpf bpf, Fd fd) throws SyscallException {
        try {
            MapInfo info = bpf.mapInfo(fd);
            return new BpfMap(bpf, fd, info.name(), info.type(), info.keySize(), info.valueSize(), info.maxEntries());
        } catch (SyscallException e) {
            fd.close();
            throw e;
        }
    }

    /** Returns in what this map is not as a spec describes, one sentence each; nothing if it is. */
    public List<String> differences(MapSpec expected) throws SyscallException {
        MapSpec spec = expected.asTheKernelWants();
        MapInfo info = info();
        List<String> found = new ArrayList<>();
        if (info.type() != spec.type().number()) {
            found.add("the type is " + MapType.nameOf(info.type()) + ", wanted " + spec.type());
        }
        compare(found, "keys have %s bytes, wanted %s", info.keySize(), spec.keySize());
        compare(found, "values have %s bytes, wanted %s", info.valueSize(), spec.valueSize());
        compare(found, "there is room for %s entries, wanted %s", info.maxEntries(), spec.maxEntries());
        if (info.mapFlags() != spec.flags()) {
            found.add("the flags are 0x" + Integer.toHexString(info.mapFlags()) + ", wanted 0x"
                    + Integer.toHexString(spec.flags()));
        }
        if (info.mapExtra() != spec.extra()) {
            found.add("the extra number is " + info.mapExtra() + ", wanted " + spec.extra());
        }
        return found;
    }

    private static void compare(List<String> found, String sentence, int actual, int wanted) {
        if (actual != wanted) {
            found.add(sentence.formatted(Integer.toUnsignedString(actual), Integer.toUnsignedString(wanted)));
        }
    }

    /** Returns the map through codecs. @throws IllegalArgumentException if their sizes are not the map's */
    public <K, V> TypedMap<K, V> typed(Codec<K> keys, Codec<V> values) {
        if (keys.sizeBytes() != keyBytes || values.sizeBytes() != valueBytes()) {
            throw new IllegalArgumentException("the map " + name + " has keys of " + keyBytes + " and values of "
                    + valueBytes() + " bytes" + (isPerCpu() ? " on all CPUs together" : "") + ", the codecs "
                    + keys.sizeBytes() + " and " + values.sizeBytes() + (isPerCpu() ? ": see typedPerCpu" : ""));
        }
        return new TypedMap<>(this, keys, values);
    }

    /** Returns a per-CPU map through codecs for one CPU's value. @throws IllegalArgumentException if the map has one value for all */
    public <K, V> TypedMap<K, List<V>> typedPerCpu(Codec<K> keys, Codec<V> values) {
        valueBytes();
        if (!isPerCpu()) {
            throw new IllegalArgumentException("the map " + name + " has one value per key, not one per CPU");
        }
        return typed(keys, Codec.perCpu(values, Cpus.possible()));
    }

    /** Returns room for one entry, to be closed. Without the map it answers {@code -EBADF}. */
    public MapSlot slot() {
        return new MapSlot(this, bpf.call());
    }

    /** Returns room for many entries; for one thread, which closes it. */
    public MapBatch batch(int capacity) {
        return new MapBatch(this, bpf.call(), capacity);
    }

    /** Makes the map read-only for user space, for good; programs may still write, unless the map's flags forbid it. Since Linux 5.2. */
    public void freeze() throws SyscallException {
        bpf.mapFreeze(fd);
    }

    /**
     * Maps an array's values into memory: value {@code i} lies at {@code i} times the value's size rounded up to 8. What programs write is
     * seen at once and the other way round. The map must have been made with {@link MapSpec#MMAPABLE}. Since Linux 5.5.
     *
     * @param writable not for frozen maps
     */
    public MapMemory mmap(boolean writable) throws SyscallException {
        valueBytes();
        long bytes = (long) Cpus.strideBytes(valueSize) * maxEntries;
        return new MapMemory(Mmap.shared(fd, 0, (bytes + PageSize.bytes() - 1) & -PageSize.bytes(), writable));
    }

    /** Gives the map a name in a BPF file system, which keeps it alive until the file is deleted. */
    public void pin(Path path) throws SyscallException {
        bpf.pin(fd, path);
    }

    /** Returns what the kernel says of the map. */
    public MapDescription describe() throws SyscallException {
        return MapDescription.of(info());
    }

    /** Returns the kernel's description with every number. */
    public MapInfo info() throws SyscallException {
        return bpf.mapInfo(fd);
    }

    /** Returns the types that the map was made with, if any. Needs CAP_SYS_ADMIN. */
    public Optional<Btf> btf() throws IOException {
        int id = info().btfId();
        if (id == 0) {
            return Optional.empty();
        }
        try (Fd btf = bpf.openId(BpfKind.BTF, id)) {
            BtfInfo btfInfo = bpf.btfInfo(btf);
            return Optional.of(Btf.parse(btfInfo.raw()).orThrow());
        }
    }

    /** Returns the descriptor, owned by the map. */
    public Fd fd() {
        return fd;
    }

    /** Returns the name that the kernel knows, at most 15 characters. */
    public String name() {
        return name;
    }

    /** Returns the type, null if it is newer than this toolkit, which then can't tell how large values are: see {@link #valueBytes}. */
    public @Nullable MapType type() {
        return type;
    }

    /** Returns the type's name as bpftool writes it, such as {@code lru_hash}; {@code type 99} for one that this toolkit does not know. */
    public String typeName() {
        return MapType.nameOf(typeNumber);
    }

    /** Returns whether each entry has one value per possible CPU. */
    public boolean isPerCpu() {
        return type != null && type.isPerCpu();
    }

    public int keyBytes() {
        return keyBytes;
    }

    /**
     * Returns the bytes of an entry's value as system calls see it: for per-CPU maps, those of all CPUs together.
     *
     * @throws UnsupportedOperationException for a type newer than this toolkit: with one byte too few the kernel writes past the end
     */
    public int valueBytes() {
        if (type == null) {
            throw new UnsupportedOperationException("the map " + name + " is of type " + typeNumber
                    + ", which is newer than this toolkit: how large its values are is not known");
        }
        return type.isPerCpu() ? Cpus.strideBytes(valueSize) * Cpus.possible() : valueSize;
    }

    public int maxEntries() {
        return maxEntries;
    }

    @Override
    public synchronized void close() {
        fd.close();
        if (ownSlot != null) {
            ownSlot.close();
            ownSlot = null;
        }
    }

    @Override
    public String toString() {
        return MapType.nameOf(typeNumber) + " map " + name + " (" + fd + ")";
    }

    /** The slot that typed views share; only under this map's lock. @throws SyscallException EBADF once the map is closed */
    MapSlot ownSlot() throws SyscallException {
        if (!fd.isOpen()) {
            throw closed();
        }
        MapSlot slot = ownSlot;
        if (slot == null) {
            slot = new MapSlot(this, bpf.call());
            ownSlot = slot;
        }
        return slot;
    }

    SyscallException closed() {
        return SyscallException.explained("the map " + name, Errno.EBADF, "it is closed");
    }

    /** E2BIG and ENOSPC both mean a full map; the number of entries helps more than either name. */
    SyscallException updateFailure(int result) {
        int errno = -result;
        if (errno == Errno.E2BIG || errno == Errno.ENOSPC) {
            boolean indexed = type == MapType.ARRAY || type == MapType.PERCPU_ARRAY || type == MapType.PROG_ARRAY;
            return SyscallException.explained(
                    "bpf(" + BpfCommand.BPF_MAP_UPDATE_ELEM + ")",
                    errno,
                    indexed
                            ? "the map " + name + " has indices below " + maxEntries + " only"
                            : "the map " + name + " is full, it was made for " + maxEntries + " entries");
        }
        return Bpf.failure(BpfCommand.BPF_MAP_UPDATE_ELEM, result);
    }
}
