package dev.weir.ebpf.btf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Looks things up in the types of the running kernel, some megabytes with a hundred thousand types, without making an object of each.
 * Since Linux 5.4, in kernels built with {@code CONFIG_DEBUG_INFO_BTF}.
 *
 * @see <a href="https://docs.kernel.org/bpf/btf.html">BPF Type Format</a>
 */
public final class KernelTypes {
    private static final Path FILE = Path.of("/sys/kernel/btf/vmlinux");
    private static final int HEADER_BYTES = 12;
    private static final int KIND_TYPEDEF = 8;
    private static final int KIND_FUNCTION = 12;
    private static final int KIND_VARIABLE = 14;

    private KernelTypes() {}

    /**
     * Returns the ids of those of the named functions that the kernel's types have; none if the kernel does not tell its types.
     *
     * @throws IOException if the kernel's types can't be read
     */
    public static Map<String, Integer> functions(Set<String> names) throws IOException {
        return find(names, KIND_FUNCTION);
    }

    /** The same for variables. */
    public static Map<String, Integer> variables(Set<String> names) throws IOException {
        return find(names, KIND_VARIABLE);
    }

    /** The same for typedefs. */
    public static Map<String, Integer> typedefs(Set<String> names) throws IOException {
        return find(names, KIND_TYPEDEF);
    }

    /**
     * Returns all types of the running kernel: some ten megabytes, for those who need to know many.
     *
     * @throws IOException if the kernel does not tell its types (CONFIG_DEBUG_INFO_BTF, Linux 5.4)
     */
    public static Btf all() throws IOException {
        try {
            return Btf.parse(Files.readAllBytes(FILE)).orThrow();
        } catch (NoSuchFileException e) {
            throw new IOException("this kernel does not tell its types, " + FILE + " is not there", e);
        }
    }

    private static Map<String, Integer> find(Set<String> names, int kind) throws IOException {
        try {
            return names.isEmpty() ? Map.of() : find(Files.readAllBytes(FILE), names, kind);
        } catch (NoSuchFileException e) {
            return Map.of();
        }
    }

    /** The same for types in memory. */
    private static Map<String, Integer> find(byte[] raw, Set<String> names, int kind) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
        Map<String, Integer> found = new HashMap<>();
        try {
            int header = bytes.getInt(4);
            int at = header + bytes.getInt(8);
            int end = at + bytes.getInt(12);
            int strings = header + bytes.getInt(16);
            for (int id = 1; at < end && found.size() < names.size(); id++) {
                int info = bytes.getInt(at + 4);
                if ((info >>> 24 & 0x1f) == kind) {
                    String name = text(raw, strings + bytes.getInt(at));
                    if (names.contains(name)) {
                        found.putIfAbsent(name, id);
                    }
                }
                at += HEADER_BYTES + added(info);
            }
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("the kernel's types are cut short", e);
        }
        return found;
    }

    /** How many bytes a kind adds to the record's header. */
    private static int added(int info) throws IOException {
        int count = info & 0xffff;
        int kind = info >>> 24 & 0x1f;
        return switch (kind) {
            case 2, 7, 8, 9, 10, 11, 12, 16, 18 -> 0;
            case 1, 14, 17 -> 4;
            case 3 -> 12;
            case 4, 5, 15, 19 -> 12 * count;
            case 6, 13 -> 8 * count;
            default -> throw new IOException("the kernel's types have kind " + kind + ", which is too new");
        };
    }

    private static String text(byte[] raw, int from) {
        int to = from;
        while (raw[to] != 0) {
            to++;
        }
        return new String(raw, from, to - from, StandardCharsets.UTF_8);
    }
}
