package dev.weir.ebpf.core;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.BtfType;
import dev.weir.ebpf.btf.KernelTypes;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers the relocations of programs from the types of a kernel. A type of the program is looked for under its name without flavour, in all of
 * the kernel's types of its kind; those that fit must give the same answer.
 *
 * <p>What the kernel does not have is no error: it does not exist, has size 0, and instructions that would use it are poisoned, so that the
 * verifier refuses the program only if it can come to them. Immutable once made; any thread may call.
 */
public final class CoreResolver {
    private static final int MAX_FIELD_BYTES = 8;

    /** The kernel does not change while it runs; but few programs need all of its types, and those do once. */
    private static SoftReference<CoreResolver> running = new SoftReference<>(null);

    private final Btf kernel;
    private final Map<String, List<Integer>> byName = new HashMap<>();

    /** @param kernel the types of the kernel that the program is for */
    public CoreResolver(Btf kernel) {
        this.kernel = kernel;
        for (int id = 1; id < kernel.size(); id++) {
            String name = TypeNames.essential(Btf.nameOf(kernel.type(id)));
            if (!name.isEmpty()) {
                byName.computeIfAbsent(name, n -> new ArrayList<>(1)).add(id);
            }
        }
    }

    /** Returns the one for the running kernel. @throws IOException if the kernel does not tell its types */
    public static synchronized CoreResolver ofRunningKernel() throws IOException {
        CoreResolver known = running.get();
        if (known == null) {
            known = new CoreResolver(KernelTypes.all());
            running = new SoftReference<>(known);
        }
        return known;
    }

    /**
     * The answer to a relocation.
     *
     * @param value what the instruction is to have in place of the compiler's value
     * @param poisoned whether there is no value, because the kernel lacks what is asked for
     * @param localBytes the size of the field as the program knows it, 0 if the field has the same size in the kernel
     * @param kernelBytes its size in the kernel
     * @param resizable whether an access may simply be as wide as the kernel's field: unsigned integers and pointers
     */
    public record Answer(long value, boolean poisoned, int localBytes, int kernelBytes, boolean resizable) {
        static Answer of(long value) {
            return new Answer(value, false, 0, 0, true);
        }

        static Answer poison() {
            return new Answer(0, true, 0, 0, true);
        }
    }

    /** Answers a relocation. @throws IOException if the object contradicts itself, or the kernel's types do not agree on the answer */
    public Answer resolve(CoreRelocation relocation) throws IOException {
        return switch (relocation.kind()) {
            case TYPE_ID_LOCAL -> Answer.of(relocation.type());
            case TYPE_ID_TARGET, TYPE_EXISTS, TYPE_SIZE, TYPE_MATCHES -> type(relocation);
            case ENUMVAL_EXISTS, ENUMVAL_VALUE -> constant(relocation);
            default -> field(relocation);
        };
    }

    private List<Integer> candidates(CoreRelocation relocation) throws IOException {
        BtfType root = relocation.types().type(relocation.type());
        String name = Btf.nameOf(root);
        if (name.isEmpty()) {
            throw new IOException("the object's " + relocation + " is of a type without a name");
        }
        return byName.getOrDefault(TypeNames.essential(name), List.of()).stream()
                .filter(id -> TypeRelation.sameKind(root, kernel.type(id)))
                .toList();
    }

    private Answer type(CoreRelocation relocation) throws IOException {
        TypeRelation relation = new TypeRelation(relocation.types(), kernel);
        boolean strict = relocation.kind() == CoreRelocation.Kind.TYPE_MATCHES;
        Answer found = null;
        for (int id : candidates(relocation)) {
            if (strict ? relation.matches(relocation.type(), id) : relation.isAlike(relocation.type(), id)) {
                Answer answer = Answer.of(
                        switch (relocation.kind()) {
                            case TYPE_ID_TARGET -> id;
                            case TYPE_SIZE -> AccessPath.size(kernel, id);
                            default -> 1;
                        });
                found = agreed(relocation, found, answer);
            }
        }
        return found == null ? Answer.of(0) : found;
    }

    private Answer constant(CoreRelocation relocation) throws IOException {
        int index = AccessPath.indices(relocation)[0];
        if (!(relocation.types().resolve(relocation.type()) instanceof BtfType.Enumeration local)
                || index < 0
                || index >= local.constants().size()) {
            throw new IOException("the object's " + relocation + " is no constant of an enumeration");
        }
        String name = TypeNames.essential(local.constants().get(index).name());
        Answer found = null;
        for (int id : candidates(relocation)) {
            if (kernel.resolve(id) instanceof BtfType.Enumeration theirs) {
                for (BtfType.Constant constant : theirs.constants()) {
                    if (TypeNames.essential(constant.name()).equals(name)) {
                        boolean exists = relocation.kind() == CoreRelocation.Kind.ENUMVAL_EXISTS;
                        found = agreed(relocation, found, Answer.of(exists ? 1 : constant.value()));
                    }
                }
            }
        }
        if (found == null) {
            return relocation.kind() == CoreRelocation.Kind.ENUMVAL_EXISTS ? Answer.of(0) : Answer.poison();
        }
        return found;
    }

    private Answer field(CoreRelocation relocation) throws IOException {
        AccessPath local = AccessPath.parse(relocation);
        Answer found = null;
        for (int id : candidates(relocation)) {
            AccessPath path = local.in(kernel, id);
            if (path != null) {
                found = agreed(relocation, found, field(relocation, local, path));
            }
        }
        if (found == null) {
            return relocation.kind() == CoreRelocation.Kind.FIELD_EXISTS ? Answer.of(0) : Answer.poison();
        }
        return found;
    }

    private static Answer agreed(CoreRelocation relocation, @Nullable Answer before, Answer now) throws IOException {
        if (before != null && !before.equals(now)) {
            throw new IOException("the kernel has several types for " + relocation + ", which answer " + before.value()
                    + " and " + now.value());
        }
        return now;
    }

    private static Answer field(CoreRelocation relocation, AccessPath local, AccessPath path) throws IOException {
        Bits bits = Bits.of(path);
        if (bits == null) {
            return Answer.poison();
        }
        return switch (relocation.kind()) {
            case FIELD_EXISTS -> Answer.of(1);
            case FIELD_BYTE_OFFSET -> offset(local, path, bits);
            case FIELD_BYTE_SIZE -> Answer.of(bits.bytes());
            case FIELD_SIGNED -> Answer.of(isSigned(path) ? 1 : 0);
            // In little endian the lowest bit of a field is its offset in the bytes that are loaded.
            case FIELD_LSHIFT_U64 ->
                Answer.of(Long.SIZE - (bits.offset() + bits.width() - bits.byteOffset() * Byte.SIZE));
            case FIELD_RSHIFT_U64 -> Answer.of(Long.SIZE - bits.width());
            default -> throw new IOException("the object's " + relocation + " is none of a field");
        };
    }

    private static Answer offset(AccessPath local, AccessPath path, Bits bits) {
        Bits mine = Bits.of(local);
        if (mine == null || mine.bytes() == bits.bytes()) {
            return Answer.of(bits.byteOffset());
        }
        BtfType myType = local.types().type(local.endType());
        BtfType theirType = path.types().type(path.endType());
        boolean pointers = myType instanceof BtfType.Pointer && theirType instanceof BtfType.Pointer;
        boolean unsigned = myType instanceof BtfType.Int my
                && theirType instanceof BtfType.Int their
                && !my.signed()
                && !their.signed();
        return new Answer(bits.byteOffset(), false, (int) mine.bytes(), (int) bits.bytes(), pointers || unsigned);
    }

    private static boolean isSigned(AccessPath path) {
        return switch (path.types().type(path.endType())) {
            case BtfType.Int i -> i.signed();
            case BtfType.Enumeration e -> e.signed();
            default -> false;
        };
    }

    /**
     * Where a field lies and what a program has to load for it.
     *
     * @param offset in bits from the root's start
     * @param width in bits
     * @param byteOffset from where to load
     * @param bytes how many to load
     */
    private record Bits(long offset, long width, long byteOffset, long bytes) {
        /** Returns null for bit fields that no load of 8 bytes covers. */
        static @Nullable Bits of(AccessPath path) {
            BtfType.Member member = path.member();
            int type = path.endType();
            long bytes = AccessPath.size(path.types(), type);
            int width = member == null ? 0 : member.bits();
            long offset = path.bitOffset();
            if (width == 0
                    && path.types().type(type) instanceof BtfType.Int i
                    && i.bits() < bytes * Byte.SIZE
                    && !i.isBool()) {
                // Before kind_flag the type of a bit field carried its width and its place.
                width = i.bits();
                offset += i.bitOffset();
            }
            if (width == 0) {
                return new Bits(offset, bytes * Byte.SIZE, offset / Byte.SIZE, bytes);
            }
            long from = offset / Byte.SIZE / bytes * bytes;
            while (offset + width - from * Byte.SIZE > bytes * Byte.SIZE) {
                bytes *= 2;
                if (bytes > MAX_FIELD_BYTES) {
                    return null;
                }
                from = offset / Byte.SIZE / bytes * bytes;
            }
            return new Bits(offset, width, from, bytes);
        }
    }
}
