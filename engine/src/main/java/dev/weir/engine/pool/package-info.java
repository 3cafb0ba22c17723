/** Backends, the pools they form, and their health. */
@NullMarked
package dev.weir.engine.pool;

import org.jspecify.annotations.NullMarked;
