package dev.weir.ebpf.btf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Writes sizes and offsets into the data sections of BTF, and takes out what the kernel does not want, in a copy.
 *
 * <pre>{@code
 * struct btf_type         { __u32 name_off; __u32 info; __u32 size; };   // 12 bytes, the size at 8
 * struct btf_member       { __u32 name_off; __u32 type; __u32 offset; }; // 12 bytes each, from 12 on
 * struct btf_var          { __u32 linkage; };                            //  4 bytes, from 12 on
 * struct btf_var_secinfo  { __u32 type; __u32 offset; __u32 size; };     // 12 bytes each, from 12 on
 * }</pre>
 */
public final class DataSectionPatch {
    private static final int INFO = 4;
    private static final int KIND_SHIFT = 24;
    private static final int KIND_STRUCT = 4;
    private static final int KIND_TYPEDEF = 8;
    private static final int SIZE = 8;
    private static final int VARIABLES = 12;
    private static final int LINKAGE = 12;
    private static final int LINKAGE_GLOBAL = 1;

    private final Btf btf;
    private final byte[] bytes;

    public DataSectionPatch(Btf btf) {
        this.btf = btf;
        this.bytes = btf.raw();
    }

    /**
     * Writes a section anew.
     *
     * @param variables as many as it has
     */
    public void section(int id, long sizeBytes, List<BtfType.Placed> variables) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(btf.position(id) + SIZE, (int) sizeBytes);
        buffer.position(btf.position(id) + VARIABLES);
        for (BtfType.Placed variable : variables) {
            buffer.putInt(variable.variable()).putInt((int) variable.offset()).putInt((int) variable.sizeBytes());
        }
    }

    /** Makes a function the name of its prototype: the same two fields, another kind. */
    public void typedef(int id) {
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(btf.position(id) + INFO, KIND_TYPEDEF << KIND_SHIFT);
    }

    /** Makes a variable that is defined elsewhere one of the object's own, of another type. */
    public void variable(int id, int type) {
        ByteBuffer.wrap(bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(btf.position(id) + SIZE, type)
                .putInt(btf.position(id) + LINKAGE, LINKAGE_GLOBAL);
    }

    /** Makes a section an empty struct with as many nameless members, which take the place of its variables. */
    public void structure(int id) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int position = btf.position(id);
        int count = buffer.getInt(position + INFO) & 0xffff;
        int member = integer();
        buffer.putInt(position + INFO, KIND_STRUCT << KIND_SHIFT | count);
        buffer.putInt(position + SIZE, (int) btf.sizeOf(member).orElse(0));
        buffer.putInt(position, 0);
        buffer.position(position + VARIABLES);
        for (int i = 0; i < count; i++) {
            buffer.putInt(0).putInt(member).putInt(0);
        }
    }

    /** Returns the id of an integer, for what may be of any type; 0 if there is none. */
    public int integer() {
        return btf.idOf(BtfType.Int.class);
    }

    public byte[] bytes() {
        return bytes.clone();
    }
}
