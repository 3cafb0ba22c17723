package dev.weir.ebpf.elf;

import dev.weir.ebpf.btf.Btf;
import org.jspecify.annotations.Nullable;

/**
 * What instructions may refer to.
 *
 * @param types the object's, null if it has none
 * @param maps the object's maps
 * @param externs what the kernel is to provide
 */
record References(@Nullable Btf types, MapSymbols maps, Externs externs) {}
