/** Asks backends whether they work, before the start and then regularly, and makes them up or down by what they say. */
@NullMarked
package dev.weir.net.health;

import org.jspecify.annotations.NullMarked;
