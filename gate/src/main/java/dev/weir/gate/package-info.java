/** The bridge between the balancer and the kernel: loads the BPF programs, and gives their maps the engine's types. */
@NullMarked
package dev.weir.gate;

import org.jspecify.annotations.NullMarked;
