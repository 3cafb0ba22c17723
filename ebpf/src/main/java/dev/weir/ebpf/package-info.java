/** Loads eBPF objects into the kernel: an {@link dev.weir.ebpf.elf.ObjectSpec} becomes a {@link dev.weir.ebpf.BpfObject}. */
@NullMarked
package dev.weir.ebpf;

import org.jspecify.annotations.NullMarked;
