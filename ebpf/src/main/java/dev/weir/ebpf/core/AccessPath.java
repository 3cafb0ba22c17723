package dev.weir.ebpf.core;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.BtfType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way into a type: {@code s->a.b[3]} in the types of the program, and then the same words in the types of the kernel, where members may lie
 * elsewhere, inside nameless structs, and have other sizes.
 *
 * @param types what the ids are of
 * @param steps element of the root first, then named members and elements; nameless structs on the way are no steps
 * @param bitOffset from the root's start
 */
record AccessPath(Btf types, List<Step> steps, long bitOffset) {
    private static final int MAX_STEPS = 64;
    private static final int MAX_DEPTH = 32;

    /**
     * One step.
     *
     * @param type the struct that has the member, or the type of the element
     * @param name of the member, null for elements
     */
    record Step(int type, int index, @Nullable String name) {}

    AccessPath {
        steps = List.copyOf(steps);
    }

    /** Reads the path that a relocation of a field gives. @throws IOException if the object contradicts itself */
    static AccessPath parse(CoreRelocation relocation) throws IOException {
        Btf types = relocation.types();
        int[] indices = indices(relocation);
        int type = plain(types, relocation.type());
        List<Step> steps = new ArrayList<>(List.of(new Step(type, indices[0], null)));
        long bits = indices[0] * size(types, type) * Byte.SIZE;
        for (int i = 1; i < indices.length; i++) {
            int index = indices[i];
            switch (types.type(type)) {
                case BtfType.Struct struct
                when index < struct.members().size() -> {
                    BtfType.Member member = struct.members().get(index);
                    bits += member.bitOffset();
                    if (!member.name().isEmpty()) {
                        steps.add(new Step(type, index, member.name()));
                    }
                    type = plain(types, member.type());
                }
                case BtfType.Array array -> {
                    type = plain(types, array.element());
                    bits += index * size(types, type) * Byte.SIZE;
                    steps.add(new Step(type, index, null));
                }
                default -> throw new IOException("the object's " + relocation + " leads nowhere");
            }
        }
        return new AccessPath(types, steps, bits);
    }

    static int[] indices(CoreRelocation relocation) throws IOException {
        String[] numbers = relocation.access().split(":", -1);
        int[] indices = new int[Math.min(numbers.length, MAX_STEPS)];
        try {
            for (int i = 0; i < indices.length; i++) {
                indices[i] = Integer.parseInt(numbers[i]);
                if (indices[i] < 0) {
                    throw new IOException("the object's " + relocation + " goes backwards");
                }
            }
        } catch (NumberFormatException e) {
            throw new IOException("the object's " + relocation + " is no way into a type", e);
        }
        return indices;
    }

    /** Finds the same path in a type of other types; null if it does not have it. */
    @Nullable AccessPath in(Btf other, int root) {
        Search search = new Search(other, root);
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            String name = step.name();
            boolean found = name == null ? search.element(step.index(), i == 0) : search.member(memberType(step), name);
            if (!found) {
                return null;
            }
        }
        return new AccessPath(other, search.found, search.bits);
    }

    /** A walk into the other types. */
    private final class Search {
        private final Btf other;
        private final List<Step> found = new ArrayList<>();
        private int type;
        private long bits;

        Search(Btf other, int root) {
            this.other = other;
            this.type = plain(other, root);
        }

        boolean element(int index, boolean root) {
            if (!root) {
                // A last member without a length may have any.
                if (!(other.type(type) instanceof BtfType.Array array)
                        || array.count() != 0 && index >= array.count()) {
                    return false;
                }
                type = plain(other, array.element());
            }
            bits += index * size(other, type) * Byte.SIZE;
            found.add(new Step(type, index, null));
            return true;
        }

        boolean member(int localType, String name) {
            return member(localType, name, type, bits, MAX_DEPTH);
        }

        private boolean member(int localType, String name, int inside, long from, int depth) {
            if (depth == 0 || !(other.type(inside) instanceof BtfType.Struct struct)) {
                return false;
            }
            for (int i = 0; i < struct.members().size(); i++) {
                BtfType.Member member = struct.members().get(i);
                if (member.name().equals(name)) {
                    found.add(new Step(inside, i, name));
                    bits = from + member.bitOffset();
                    type = plain(other, member.type());
                    return new TypeRelation(types, other).isFieldAlike(localType, type);
                }
                if (member.name().isEmpty()
                        && member(localType, name, plain(other, member.type()), from + member.bitOffset(), depth - 1)) {
                    return true;
                }
            }
            return false;
        }
    }

    private int memberType(Step step) {
        return ((BtfType.Struct) types.type(step.type()))
                .members()
                .get(step.index())
                .type();
    }

    /** Returns the member that the path ends with; null if it ends with an element. */
    BtfType.@Nullable Member member() {
        Step last = steps.getLast();
        return last.name() == null
                ? null
                : ((BtfType.Struct) types.type(last.type())).members().get(last.index());
    }

    /** Returns the type that the path ends with. */
    int endType() {
        BtfType.Member member = member();
        return plain(types, member == null ? steps.getLast().type() : member.type());
    }

    /** Returns the id behind typedefs and modifiers; 0 if they never end. */
    static int plain(Btf types, int id) {
        int now = id;
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            switch (types.type(now)) {
                case BtfType.Typedef typedef -> now = typedef.target();
                case BtfType.Modifier modifier -> now = modifier.target();
                default -> {
                    return now;
                }
            }
        }
        return 0;
    }

    static long size(Btf types, int id) {
        return types.sizeOf(id).orElse(0);
    }
}
