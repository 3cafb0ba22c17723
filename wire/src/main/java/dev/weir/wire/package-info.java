/** DNS on the wire: views that parse, composers that compose; no I/O. */
@NullMarked
package dev.weir.wire;

import org.jspecify.annotations.NullMarked;
