/** "Compile once, run everywhere": what a program says of the kernel's types, looked up in the types of the kernel that it runs on. */
@NullMarked
package dev.weir.ebpf.core;

import org.jspecify.annotations.NullMarked;
