/** How one backend of a pool is chosen. */
@NullMarked
package dev.weir.engine.policy;

import org.jspecify.annotations.NullMarked;
