package dev.weir.ebpf.btf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes sense of bytes by their type: numbers become Long, Boolean or Double, arrays of char text, other arrays lists, structs and data sections
 * maps by member, enumerations the constant's name, pointers hexadecimal text. Never fails: what does not fit its type becomes hexadecimal text.
 */
public final class ValueReader {
    private static final int MAX_DEPTH = 32;

    private final Btf btf;

    public ValueReader(Btf btf) {
        this.btf = btf;
    }

    /** Returns the value of a type that starts the bytes, in the byte order of this machine. */
    public Object read(int type, byte[] bytes) {
        return read(type, ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()), 0, MAX_DEPTH);
    }

    private Object read(int type, ByteBuffer bytes, long at, int depth) {
        long size = btf.sizeOf(type).orElse(0);
        if (depth == 0 || at < 0 || size > bytes.capacity() - at) {
            return hex(bytes, at, bytes.capacity() - at);
        }
        int offset = (int) at;
        return switch (btf.resolve(type)) {
            case BtfType.Int i when i.isBool() -> bytes.get(offset) != 0;
            case BtfType.Int i when i.sizeBytes() <= Long.BYTES -> number(bytes, offset, i.sizeBytes(), i.signed());
            case BtfType.Enumeration e -> constant(e, number(bytes, offset, e.sizeBytes(), e.signed()));
            case BtfType.Pointer p -> "0x" + Long.toHexString(bytes.getLong(offset));
            case BtfType.Floating f when f.sizeBytes() == Double.BYTES -> bytes.getDouble(offset);
            case BtfType.Floating f when f.sizeBytes() == Float.BYTES -> (double) bytes.getFloat(offset);
            case BtfType.Array array -> array(array, bytes, at, depth);
            case BtfType.Struct struct -> struct(struct, bytes, at, depth);
            case BtfType.DataSection section -> section(section, bytes, at, depth);
            case BtfType.Variable variable -> read(variable.type(), bytes, at, depth - 1);
            default -> hex(bytes, at, size);
        };
    }

    private Object array(BtfType.Array array, ByteBuffer bytes, long at, int depth) {
        long size = btf.sizeOf(array.element()).orElse(0);
        if (btf.resolve(array.element()) instanceof BtfType.Int i
                && i.sizeBytes() == 1
                && (i.isChar() || i.name().equals("char"))) {
            return text(bytes, (int) at, (int) array.count());
        }
        List<Object> elements = new ArrayList<>();
        for (long i = 0; size > 0 && i < array.count(); i++) {
            elements.add(read(array.element(), bytes, at + i * size, depth - 1));
        }
        return elements;
    }

    private Map<String, Object> struct(BtfType.Struct struct, ByteBuffer bytes, long at, int depth) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (BtfType.Member member : struct.members()) {
            long offset = at + member.bitOffset() / Byte.SIZE;
            Object value = member.bits() == 0
                    ? read(member.type(), bytes, offset, depth - 1)
                    : bits(bytes, at * Byte.SIZE + member.bitOffset(), member.bits());
            if (member.name().isEmpty() && value instanceof Map<?, ?> inner) {
                inner.forEach((name, innerValue) -> members.put(String.valueOf(name), innerValue));
            } else {
                members.put(member.name(), value);
            }
        }
        return members;
    }

    private Map<String, Object> section(BtfType.DataSection section, ByteBuffer bytes, long at, int depth) {
        Map<String, Object> variables = new LinkedHashMap<>();
        for (BtfType.Placed placed : section.variables()) {
            variables.put(
                    Btf.nameOf(btf.type(placed.variable())),
                    read(placed.variable(), bytes, at + placed.offset(), depth - 1));
        }
        return variables;
    }

    private static Object constant(BtfType.Enumeration enumeration, long number) {
        for (BtfType.Constant constant : enumeration.constants()) {
            if (constant.value() == number) {
                return constant.name();
            }
        }
        return number;
    }

    private static long number(ByteBuffer bytes, int at, int size, boolean signed) {
        return switch (size) {
            case 1 -> signed ? bytes.get(at) : bytes.get(at) & 0xffL;
            case 2 -> signed ? bytes.getShort(at) : bytes.getShort(at) & 0xffffL;
            case 4 -> signed ? bytes.getInt(at) : Integer.toUnsignedLong(bytes.getInt(at));
            case 8 -> bytes.getLong(at);
            default -> 0;
        };
    }

    private static long bits(ByteBuffer bytes, long from, int count) {
        long value = 0;
        for (int i = 0; i < Math.min(count, Long.SIZE); i++) {
            long bit = from + i;
            if (bit / Byte.SIZE < bytes.capacity()) {
                value |= (long) (bytes.get((int) (bit / Byte.SIZE)) >> bit % Byte.SIZE & 1) << i;
            }
        }
        return value;
    }

    private static String text(ByteBuffer bytes, int at, int length) {
        int end = 0;
        while (end < length && bytes.get(at + end) != 0) {
            end++;
        }
        byte[] text = new byte[end];
        bytes.get(at, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static String hex(ByteBuffer bytes, long at, long length) {
        if (at < 0 || at > bytes.capacity()) {
            return "";
        }
        byte[] shown = new byte[(int) Math.min(bytes.capacity() - at, length)];
        bytes.get((int) at, shown);
        return java.util.HexFormat.of().formatHex(shown);
    }
}
