/** Dynamic blocks: clients and names that are stopped for a while, the rules that find them, and their mirror in the kernel. */
@NullMarked
package dev.weir.engine.block;

import org.jspecify.annotations.NullMarked;
