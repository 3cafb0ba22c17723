/** Object files of clang: bytes become an {@link dev.weir.ebpf.elf.ObjectSpec}, without touching the kernel. */
@NullMarked
package dev.weir.ebpf.elf;

import org.jspecify.annotations.NullMarked;
