/**
 * What Weir says to its operator: log lines in the forms that dnsdist's users parse.
 *
 * <p>Own code instead of {@code System.Logger}: the first line is out a few milliseconds after the JVM is up, and a line
 * that is off costs one comparison.
 */
@NullMarked
package dev.weir.engine.log;

import org.jspecify.annotations.NullMarked;
