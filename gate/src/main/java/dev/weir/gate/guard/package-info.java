/** The guard as operators handle it: attached to devices, pinned, replaced, counted, watched. It needs no running balancer. */
@NullMarked
package dev.weir.gate.guard;

import org.jspecify.annotations.NullMarked;
