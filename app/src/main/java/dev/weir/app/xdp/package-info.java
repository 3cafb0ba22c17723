/** The command {@code weir xdp}: the guard in front of a balancer, with no need for one that runs. */
@NullMarked
package dev.weir.app.xdp;

import org.jspecify.annotations.NullMarked;
