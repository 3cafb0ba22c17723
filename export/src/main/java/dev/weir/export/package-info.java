/** Writers of what queries did, each behind a bounded queue and a thread of its own. */
@NullMarked
package dev.weir.export;

import org.jspecify.annotations.NullMarked;
