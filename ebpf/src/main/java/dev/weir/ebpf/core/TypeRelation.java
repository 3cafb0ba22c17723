package dev.weir.ebpf.core;

import dev.weir.ebpf.btf.Btf;
import dev.weir.ebpf.btf.BtfType;
import java.util.List;

/**
 * Whether a type of the program can stand for one of the kernel. Three measures, from loose to strict: alike fields, for accesses; alike
 * types, for their existence and size; matching types, for TYPE_MATCHES.
 *
 * @param local the program's types
 * @param kernel the kernel's
 */
record TypeRelation(Btf local, Btf kernel) {
    private static final int MAX_DEPTH = 32;

    /** Returns whether a member of the one type may be read as one of the other: structs for structs, integers of any size for integers. */
    boolean isFieldAlike(int localId, int kernelId) {
        return isFieldAlike(localId, kernelId, MAX_DEPTH);
    }

    private boolean isFieldAlike(int localId, int kernelId, int depth) {
        if (depth == 0) {
            return false;
        }
        BtfType mine = local.resolve(localId);
        BtfType theirs = kernel.resolve(kernelId);
        return switch (mine) {
            case BtfType.Struct s -> theirs instanceof BtfType.Struct;
            case BtfType.Pointer p -> theirs instanceof BtfType.Pointer;
            case BtfType.Floating f -> theirs instanceof BtfType.Floating;
            case BtfType.Int i -> theirs instanceof BtfType.Int other && i.bitOffset() == 0 && other.bitOffset() == 0;
            case BtfType.Enumeration e ->
                theirs instanceof BtfType.Enumeration other && sameName(e.name(), other.name());
            case BtfType.Forward f -> theirs instanceof BtfType.Forward other && sameName(f.name(), other.name());
            case BtfType.Array a ->
                theirs instanceof BtfType.Array other && isFieldAlike(a.element(), other.element(), depth - 1);
            default -> false;
        };
    }

    /** Nameless types stand for any. */
    private static boolean sameName(String mine, String theirs) {
        return mine.isEmpty() || theirs.isEmpty() || TypeNames.essential(mine).equals(TypeNames.essential(theirs));
    }

    /** Returns whether types of the same name are of the same kind, and so are what they point to or are made of, but members. */
    boolean isAlike(int localId, int kernelId) {
        return sameKind(local.type(localId), kernel.type(kernelId)) && isAlike(localId, kernelId, MAX_DEPTH);
    }

    private boolean isAlike(int localId, int kernelId, int depth) {
        if (depth == 0) {
            return false;
        }
        BtfType mine = local.resolve(localId);
        BtfType theirs = kernel.resolve(kernelId);
        if (!sameKind(mine, theirs)) {
            return false;
        }
        return switch (mine) {
            case BtfType.Int i -> theirs instanceof BtfType.Int other && i.bitOffset() == 0 && other.bitOffset() == 0;
            case BtfType.Pointer p ->
                theirs instanceof BtfType.Pointer other && isAlike(p.target(), other.target(), depth - 1);
            case BtfType.Array a ->
                theirs instanceof BtfType.Array other && isAlike(a.element(), other.element(), depth - 1);
            case BtfType.Prototype p -> {
                List<BtfType.Parameter> others = ((BtfType.Prototype) theirs).parameters();
                boolean alike = p.parameters().size() == others.size()
                        && isAlike(p.returned(), ((BtfType.Prototype) theirs).returned(), depth - 1);
                for (int i = 0; alike && i < others.size(); i++) {
                    alike = isAlike(p.parameters().get(i).type(), others.get(i).type(), depth - 1);
                }
                yield alike;
            }
            default -> true;
        };
    }

    /** A struct and a union are two kinds; an enumeration of 64 bits is none of its own. */
    static boolean sameKind(BtfType mine, BtfType theirs) {
        return mine.getClass() == theirs.getClass()
                && (!(mine instanceof BtfType.Struct s) || s.union() == ((BtfType.Struct) theirs).union());
    }

    /** Returns whether the kernel's type has all that the program's says: members with matching types, constants, sizes. */
    boolean matches(int localId, int kernelId) {
        return matches(localId, kernelId, false, MAX_DEPTH);
    }

    private boolean matches(int localId, int kernelId, boolean behindPointer, int depth) {
        BtfType mine = local.resolve(localId);
        BtfType theirs = kernel.resolve(kernelId);
        if (depth == 0 || !sameName(Btf.nameOf(mine), Btf.nameOf(theirs))) {
            return false;
        }
        if (behindPointer && isForwardOf(mine, theirs)) {
            return true;
        }
        if (!sameKind(mine, theirs)) {
            return false;
        }
        return switch (mine) {
            case BtfType.Forward f -> f.union() == ((BtfType.Forward) theirs).union();
            case BtfType.Int i ->
                i.sizeBytes() == ((BtfType.Int) theirs).sizeBytes() && i.signed() == ((BtfType.Int) theirs).signed();
            case BtfType.Enumeration e -> hasConstants(e, (BtfType.Enumeration) theirs);
            case BtfType.Struct s -> behindPointer || hasMembers(s, (BtfType.Struct) theirs, depth);
            case BtfType.Pointer p -> matches(p.target(), ((BtfType.Pointer) theirs).target(), true, depth - 1);
            case BtfType.Array a ->
                a.count() == ((BtfType.Array) theirs).count()
                        && matches(a.element(), ((BtfType.Array) theirs).element(), behindPointer, depth - 1);
            case BtfType.Prototype p -> sameParameters(p, (BtfType.Prototype) theirs, depth);
            default -> true;
        };
    }

    private static boolean isForwardOf(BtfType mine, BtfType theirs) {
        return mine instanceof BtfType.Forward f && theirs instanceof BtfType.Struct s && f.union() == s.union()
                || mine instanceof BtfType.Struct m && theirs instanceof BtfType.Forward o && m.union() == o.union();
    }

    private static boolean hasConstants(BtfType.Enumeration mine, BtfType.Enumeration theirs) {
        return mine.sizeBytes() == theirs.sizeBytes()
                && mine.constants().stream().allMatch(constant -> theirs.constants().stream()
                        .anyMatch(other ->
                                TypeNames.essential(constant.name()).equals(TypeNames.essential(other.name()))));
    }

    private boolean hasMembers(BtfType.Struct mine, BtfType.Struct theirs, int depth) {
        return mine.members().stream().allMatch(member -> theirs.members().stream()
                .anyMatch(other ->
                        member.name().equals(other.name()) && matches(member.type(), other.type(), false, depth - 1)));
    }

    private boolean sameParameters(BtfType.Prototype mine, BtfType.Prototype theirs, int depth) {
        boolean same = mine.parameters().size() == theirs.parameters().size()
                && matches(mine.returned(), theirs.returned(), false, depth - 1);
        for (int i = 0; same && i < mine.parameters().size(); i++) {
            same = matches(
                    mine.parameters().get(i).type(), theirs.parameters().get(i).type(), false, depth - 1);
        }
        return same;
    }
}
