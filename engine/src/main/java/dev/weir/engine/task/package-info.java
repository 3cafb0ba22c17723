/** How threads and scheduled tasks go on after a failure: one guard for all of them. */
@NullMarked
package dev.weir.engine.task;

import org.jspecify.annotations.NullMarked;
