/** main, options, wiring, signals: knows everything, is known by nobody. */
@NullMarked
package dev.weir.app;

import org.jspecify.annotations.NullMarked;
