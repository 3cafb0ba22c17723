package dev.weir.lua.ffi;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A type of C. Immutable, but that a struct or union that was only named may get its fields later. */
public final class CType {
    /** What sort of type it is. */
    enum Kind {
        VOID,
        BOOL,
        INTEGER,
        FLOAT,
        ENUM,
        POINTER,
        REFERENCE,
        ARRAY,
        RECORD,
        FUNCTION
    }

    /** The length of an array that is given when a value is made. */
    static final long VARIABLE = -1;

    static final long UNKNOWN = -1;
    static final int POINTER_SIZE = 8;

    static final CType VOID = new CType(Kind.VOID, UNKNOWN, 1, false);
    static final CType BOOL = new CType(Kind.BOOL, 1, 1, true);
    static final CType CHAR = new CType(Kind.INTEGER, 1, 1, false);
    static final CType UINT8 = new CType(Kind.INTEGER, 1, 1, true);
    static final CType INT16 = new CType(Kind.INTEGER, 2, 2, false);
    static final CType UINT16 = new CType(Kind.INTEGER, 2, 2, true);
    static final CType INT32 = new CType(Kind.INTEGER, 4, 4, false);
    static final CType UINT32 = new CType(Kind.INTEGER, 4, 4, true);
    static final CType INT64 = new CType(Kind.INTEGER, 8, 8, false);
    static final CType UINT64 = new CType(Kind.INTEGER, 8, 8, true);
    static final CType FLOAT = new CType(Kind.FLOAT, 4, 4, false);
    static final CType DOUBLE = new CType(Kind.FLOAT, 8, 8, false);
    static final CType LONG_DOUBLE = new CType(Kind.FLOAT, 16, 16, false);
    static final CType VOID_POINTER = pointerTo(VOID);
    static final CType CONST_CHAR_POINTER = pointerTo(CHAR.qualified(true, false));

    final Kind kind;
    private final long size;
    private final int align;
    final boolean unsigned;
    final boolean isConst;
    final boolean isVolatile;

    /** What a pointer points to, an array has, or a function returns. */
    final @Nullable CType element;

    /** How many elements an array has, or {@link #VARIABLE}. */
    final long count;

    final @Nullable CRecord record;
    final @Nullable Enumeration enumeration;
    final @Nullable Signature signature;

    /** An enum: its tag and its constants. */
    record Enumeration(String tag, Map<String, Integer> constants) {}

    /** What a function takes beside what it returns. */
    record Signature(List<CType> parameters, boolean variadic) {}

    private CType(Kind kind, long size, int align, boolean unsigned) {
        this(kind, size, align, unsigned, null, 0, null, null, null, false, false);
    }

    @SuppressWarnings("TooManyParameters")
    private CType(
            Kind kind,
            long size,
            int align,
            boolean unsigned,
            @Nullable CType element,
            long count,
            @Nullable CRecord record,
            @Nullable Enumeration enumeration,
            @Nullable Signature signature,
            boolean isConst,
            boolean isVolatile) {
        this.kind = kind;
        this.size = size;
        this.align = align;
        this.unsigned = unsigned;
        this.element = element;
        this.count = count;
        this.record = record;
        this.enumeration = enumeration;
        this.signature = signature;
        this.isConst = isConst;
        this.isVolatile = isVolatile;
    }

    static CType pointerTo(CType element) {
        return new CType(Kind.POINTER, POINTER_SIZE, POINTER_SIZE, true, element, 0, null, null, null, false, false);
    }

    static CType referenceTo(CType element) {
        return new CType(Kind.REFERENCE, POINTER_SIZE, POINTER_SIZE, true, element, 0, null, null, null, false, false);
    }

    static CType arrayOf(CType element, long count) {
        long size = count == VARIABLE ? UNKNOWN : Math.multiplyExact(count, element.size());
        return new CType(Kind.ARRAY, size, element.align(), false, element, count, null, null, null, false, false);
    }

    static CType of(CRecord record) {
        return new CType(Kind.RECORD, UNKNOWN, 1, false, null, 0, record, null, null, false, false);
    }

    static CType of(Enumeration enumeration) {
        boolean unsigned = enumeration.constants().values().stream().noneMatch(value -> value < 0);
        return new CType(Kind.ENUM, 4, 4, unsigned, null, 0, null, enumeration, null, false, false);
    }

    static CType function(CType result, Signature signature) {
        return new CType(Kind.FUNCTION, UNKNOWN, 1, false, result, 0, null, null, signature, false, false);
    }

    /** The same with these qualifiers added; those of an array are its elements'. */
    CType qualified(boolean addConst, boolean addVolatile) {
        if (!addConst && !addVolatile) {
            return this;
        }
        if (kind == Kind.ARRAY) {
            return arrayOf(element().qualified(addConst, addVolatile), count);
        }
        return new CType(
                kind,
                size,
                align,
                unsigned,
                element,
                count,
                record,
                enumeration,
                signature,
                isConst || addConst,
                isVolatile || addVolatile);
    }

    /** Octets of a value, or {@link #UNKNOWN}. */
    long size() {
        return record != null ? record.size() : size;
    }

    int align() {
        return record != null ? record.align() : align;
    }

    CType element() {
        if (element == null) {
            throw new IllegalStateException(this + " has no elements");
        }
        return element;
    }

    CRecord record() {
        if (record == null) {
            throw new IllegalStateException(this + " has no fields");
        }
        return record;
    }

    Signature signature() {
        if (signature == null) {
            throw new IllegalStateException(this + " cannot be called");
        }
        return signature;
    }

    /** Whether its size is given when a value is made. */
    boolean isVariable() {
        return kind == Kind.ARRAY && count == VARIABLE || record != null && record.isVariable();
    }

    /** Octets of a value with so many elements in the part that varies. */
    long size(long elements) {
        if (record != null) {
            return Math.addExact(
                    record.size(),
                    Math.multiplyExact(elements, record.variableElement().size()));
        }
        return Math.multiplyExact(elements, element().size());
    }

    boolean isNumber() {
        return kind == Kind.BOOL || kind == Kind.INTEGER || kind == Kind.FLOAT || kind == Kind.ENUM;
    }

    boolean isInteger() {
        return kind == Kind.BOOL || kind == Kind.INTEGER || kind == Kind.ENUM;
    }

    boolean isPointer() {
        return kind == Kind.POINTER;
    }

    boolean isAggregate() {
        return kind == Kind.RECORD || kind == Kind.ARRAY;
    }

    /** A reference's target, or itself. */
    CType dereferenced() {
        return kind == Kind.REFERENCE ? element() : this;
    }

    /** Whether both are the same type but for the qualifiers at the top. */
    boolean sameAs(CType other) {
        if (kind != other.kind) {
            return false;
        }
        return switch (kind) {
            case VOID -> true;
            case BOOL, INTEGER, FLOAT -> size == other.size && unsigned == other.unsigned;
            case ENUM -> enumeration == other.enumeration;
            case RECORD -> record == other.record;
            case POINTER, REFERENCE -> sameElement(other);
            case ARRAY -> count == other.count && sameElement(other);
            case FUNCTION -> sameElement(other) && sameParameters(other);
        };
    }

    private boolean sameElement(CType other) {
        CType mine = element();
        CType its = other.element();
        return mine.isConst == its.isConst && mine.isVolatile == its.isVolatile && mine.sameAs(its);
    }

    private boolean sameParameters(CType other) {
        List<CType> mine = signature().parameters();
        List<CType> its = other.signature().parameters();
        if (mine.size() != its.size()
                || signature().variadic() != other.signature().variadic()) {
            return false;
        }
        for (int i = 0; i < mine.size(); i++) {
            if (!mine.get(i).sameAs(its.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** As C writes it, in LuaJIT's words: {@code const char *}, {@code int (*)[3]}, {@code struct point}. */
    @Override
    public String toString() {
        return CTypeText.of(this);
    }
}
