/** What leaves the process about queries: the port that rules write to, and what is open behind it. */
@NullMarked
package dev.weir.engine.export;

import org.jspecify.annotations.NullMarked;
