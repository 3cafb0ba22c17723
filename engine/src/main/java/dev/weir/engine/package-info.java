/** The balancer without sockets or files: one query's walk, and everything it meets. */
@NullMarked
package dev.weir.engine;

import org.jspecify.annotations.NullMarked;
