/**
 * The program: options, start and stop, signals, and the wiring of all other rooms, which know nothing of it.
 */
@NullMarked
package dev.weir.app;

import org.jspecify.annotations.NullMarked;
