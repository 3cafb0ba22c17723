/** Where queries come in: what is said of a listener, and what came and went there. */
@NullMarked
package dev.weir.engine.listen;

import org.jspecify.annotations.NullMarked;
