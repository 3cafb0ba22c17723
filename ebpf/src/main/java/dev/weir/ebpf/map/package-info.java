/** Maps, the memory that programs and user space share: {@link dev.weir.ebpf.map.MapSpec} becomes {@link dev.weir.ebpf.map.BpfMap}. */
@NullMarked
package dev.weir.ebpf.map;

import org.jspecify.annotations.NullMarked;
