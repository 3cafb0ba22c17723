/** What this kernel can do with the rights of this process, tried out and remembered. */
@NullMarked
package dev.weir.ebpf.probe;

import org.jspecify.annotations.NullMarked;
