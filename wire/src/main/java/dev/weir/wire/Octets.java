package dev.weir.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Network-order integers in byte arrays. Bounds are the array's: callers check the message's length first. */
public final class Octets {
    private static final VarHandle U16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle U32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle U64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Octets() {}

    public static int u8(byte[] bytes, int offset) {
        return bytes[offset] & 0xff;
    }

    public static int u16(byte[] bytes, int offset) {
        return (short) U16.get(bytes, offset) & 0xffff;
    }

    public static long u32(byte[] bytes, int offset) {
        return (int) U32.get(bytes, offset) & 0xffff_ffffL;
    }

    public static int i32(byte[] bytes, int offset) {
        return (int) U32.get(bytes, offset);
    }

    public static long u64(byte[] bytes, int offset) {
        return (long) U64.get(bytes, offset);
    }

    public static void putU8(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) value;
    }

    public static void putU16(byte[] bytes, int offset, int value) {
        U16.set(bytes, offset, (short) value);
    }

    public static void putU32(byte[] bytes, int offset, long value) {
        U32.set(bytes, offset, (int) value);
    }

    public static void putU64(byte[] bytes, int offset, long value) {
        U64.set(bytes, offset, value);
    }

    /** ASCII lower case of one octet; label lengths (at most 63) are below 'A' and so pass unchanged. */
    public static int lower(int octet) {
        return octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
    }
}
