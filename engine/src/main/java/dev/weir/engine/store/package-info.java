/** Key-value stores as rules and scripts ask them, and the port that opens their files. */
@NullMarked
package dev.weir.engine.store;

import org.jspecify.annotations.NullMarked;
