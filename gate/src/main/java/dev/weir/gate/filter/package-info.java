/** Packet filters of a configuration: their tables in the kernel, what is pinned, and the program that stands before sockets. */
@NullMarked
package dev.weir.gate.filter;

import org.jspecify.annotations.NullMarked;
