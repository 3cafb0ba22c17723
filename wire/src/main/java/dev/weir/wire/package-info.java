/**
 * DNS on the wire: views that parse and composers that compose, over plain {@code byte[]}; no I/O, nothing allocated when viewing.
 *
 * <p>A message is always a pair of an array and a length; offsets count from the start of the DNS header. Parsing never throws on
 * hostile input: it returns an offset, or a negative number that {@link dev.weir.wire.WireFault#of} turns into the reason.
 */
@NullMarked
package dev.weir.wire;

import org.jspecify.annotations.NullMarked;
