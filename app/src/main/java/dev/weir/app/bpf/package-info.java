/** {@code weir bpf}: shows what the kernel can do with eBPF, what is loaded and pinned, and what maps hold. */
@NullMarked
package dev.weir.app.bpf;

import org.jspecify.annotations.NullMarked;
