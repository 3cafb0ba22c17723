/** A query's walk to its backend and its answer's walk back, and the ports that transports stand behind. */
@NullMarked
package dev.weir.engine.walk;

import org.jspecify.annotations.NullMarked;
