package dev.weir.ebpf.btf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Writes sizes and offsets into the data sections of BTF, in a copy.
 *
 * <pre>{@code
 * struct btf_type         { __u32 name_off; __u32 info; __u32 size; };   // 12 bytes, the size at 8
 * struct btf_var_secinfo  { __u32 type; __u32 offset; __u32 size; };     // 12 bytes each, from 12 on
 * }</pre>
 */
public final class DataSectionPatch {
    private static final int SIZE = 8;
    private static final int VARIABLES = 12;

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

    public byte[] bytes() {
        return bytes.clone();
    }
}
