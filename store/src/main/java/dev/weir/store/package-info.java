/** Readers of files that map keys to values: CDB, LMDB and MaxMind's databases, in Java alone and without a lock. */
@NullMarked
package dev.weir.store;

import org.jspecify.annotations.NullMarked;
