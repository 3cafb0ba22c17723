/** What came and went lately: a ring of queries and a ring of responses, written by the data threads and read by everybody else. */
@NullMarked
package dev.weir.engine.ring;

import org.jspecify.annotations.NullMarked;
