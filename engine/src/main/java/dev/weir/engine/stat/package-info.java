/** Counters, one array per thread, summed when somebody looks. */
@NullMarked
package dev.weir.engine.stat;

import org.jspecify.annotations.NullMarked;
