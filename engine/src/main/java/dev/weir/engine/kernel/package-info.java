/** What the engine asks of packet filters in the kernel: a port that {@code gate} implements and that Weir can do without. */
@NullMarked
package dev.weir.engine.kernel;

import org.jspecify.annotations.NullMarked;
