/** BTF, the type information of eBPF objects and of the kernel: parsed, printed, loaded. */
@NullMarked
package dev.weir.ebpf.btf;

import org.jspecify.annotations.NullMarked;
