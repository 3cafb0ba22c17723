/** The global functions, one class per area of the vocabulary. */
@NullMarked
package dev.weir.script.function;

import org.jspecify.annotations.NullMarked;
