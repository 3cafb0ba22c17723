/** JMH and side-by-side load; never shipped. */
@NullMarked
package dev.weir.bench;

import org.jspecify.annotations.NullMarked;
