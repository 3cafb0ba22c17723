package dev.weir.sys;

import static dev.weir.sys.StructFields.u32;
import static dev.weir.sys.StructFields.u64;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/**
 * What BPF_OBJ_GET_INFO_BY_FD says of BTF, 32 bytes.
 *
 * <pre>{@code
 * struct bpf_btf_info {
 *     __aligned_u64 btf;         //  0  where the kernel copies the BTF to
 *     __u32         btf_size;    //  8  in: room; out: length
 *     __u32         id;          // 12
 *     __aligned_u64 name;        // 16  since Linux 5.11
 *     __u32         name_len;    // 24
 *     __u32         kernel_btf;  // 28
 * };
 * }</pre>
 *
 * @param raw the BTF as it was loaded
 */
public record BtfInfo(int id, byte[] raw) {
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            u64("btf"), u32("btf_size"), u32("id"), u64("name"), u32("name_len"), u32("kernel_btf"));
}
