/** A server that queries are handed to: what is said of it, its state, its counters. */
@NullMarked
package dev.weir.engine.backend;

import org.jspecify.annotations.NullMarked;
