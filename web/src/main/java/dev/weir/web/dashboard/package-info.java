/** One page for people: what happens now, and what they may do about it. */
@NullMarked
package dev.weir.web.dashboard;

import org.jspecify.annotations.NullMarked;
