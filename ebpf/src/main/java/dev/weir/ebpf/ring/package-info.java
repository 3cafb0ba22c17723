/** Records that programs send through ring buffers. */
@NullMarked
package dev.weir.ebpf.ring;

import org.jspecify.annotations.NullMarked;
