/** What people change, and the immutable snapshots of it that data threads go by. */
@NullMarked
package dev.weir.engine.model;

import org.jspecify.annotations.NullMarked;
