/**
 * The parts of {@code weir demo} that a production start does not have: backends in the same process, a sample configuration
 * in front of them, and a status line. What runs between them is the daemon as it is.
 */
@NullMarked
package dev.weir.app.demo;

import org.jspecify.annotations.NullMarked;
