package dev.weir.ebpf.elf;

/**
 * A setting of the kernel's build that programs read as a constant: {@code extern int CONFIG_HZ __kconfig}, and
 * {@code LINUX_KERNEL_VERSION}.
 *
 * @param type BTF id of its type in the object
 * @param offset where in the value of the map {@code .kconfig}
 * @param optional whether it is 0 where the kernel has no such setting
 */
public record KernelSetting(String name, int type, int offset, int sizeBytes, boolean optional) {
    /** No text among the kernel's settings is longer. */
    static final int MAX_BYTES = 4096;
}
