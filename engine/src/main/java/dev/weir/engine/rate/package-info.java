/** Limits of so many a second, for all together and for each client network. */
@NullMarked
package dev.weir.engine.rate;

import org.jspecify.annotations.NullMarked;
