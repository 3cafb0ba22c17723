/** Attachments of programs to sockets and network devices. */
@NullMarked
package dev.weir.ebpf.link;

import org.jspecify.annotations.NullMarked;
