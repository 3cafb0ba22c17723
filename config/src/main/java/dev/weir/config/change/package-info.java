/** What becomes of a running configuration when another one takes its place. */
@NullMarked
package dev.weir.config.change;

import org.jspecify.annotations.NullMarked;
