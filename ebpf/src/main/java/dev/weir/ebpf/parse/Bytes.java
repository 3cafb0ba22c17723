package dev.weir.ebpf.parse;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A window on little-endian bytes whose every access is checked: reading outside is a fault. Offsets count from the window's start. */
public final class Bytes {
    private static final VarHandle U16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle U64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The kernel's KSYM_NAME_LEN. Without a limit, many references to one long text would fill the memory. */
    private static final int MAX_TEXT_BYTES = 512;

    private final byte[] array;
    private final int start;
    private final int length;
    private final String what;

    private Bytes(byte[] array, int start, int length, String what) {
        this.array = array;
        this.start = start;
        this.length = length;
        this.what = what;
    }

    /** @param what what the bytes are, for faults */
    public static Bytes of(byte[] array, String what) {
        return new Bytes(array, 0, array.length, what);
    }

    public int length() {
        return length;
    }

    public int u8(long at) throws FaultException {
        return array[index(at, 1)] & 0xff;
    }

    public int u16(long at) throws FaultException {
        return (short) U16.get(array, index(at, Short.BYTES)) & 0xffff;
    }

    /** Returns 32 bits; values above {@code Integer.MAX_VALUE} come out negative, see {@link #unsigned}. */
    public int u32(long at) throws FaultException {
        return (int) U32.get(array, index(at, Integer.BYTES));
    }

    public long unsigned(long at) throws FaultException {
        return Integer.toUnsignedLong(u32(at));
    }

    public long u64(long at) throws FaultException {
        return (long) U64.get(array, index(at, Long.BYTES));
    }

    /** Returns text up to its zero byte, which must be inside the window. */
    public String text(long at) throws FaultException {
        int from = index(at, 1);
        int end = from;
        while (end < start + length && end - from <= MAX_TEXT_BYTES && array[end] != 0) {
            end++;
        }
        if (end - from > MAX_TEXT_BYTES) {
            throw new FaultException(
                    Fault.Kind.TOO_LARGE, "text at " + at + " of " + what + " is longer than any name");
        }
        if (end == start + length) {
            throw new FaultException(Fault.Kind.TRUNCATED, "text at " + at + " of " + what + " has no end");
        }
        return new String(array, from, end - from, StandardCharsets.UTF_8);
    }

    /** Returns a window inside this one. */
    public Bytes slice(long at, long bytes, String name) throws FaultException {
        return new Bytes(array, index(at, bytes), (int) bytes, name);
    }

    public byte[] copy() {
        return java.util.Arrays.copyOfRange(array, start, start + length);
    }

    private int index(long at, long bytes) throws FaultException {
        if (at < 0 || bytes < 0 || at > length || bytes > length - at) {
            throw new FaultException(
                    Fault.Kind.TRUNCATED, bytes + " bytes at " + at + " are not inside " + what + " of " + length);
        }
        return start + (int) at;
    }
}
