/** The slot that a query lives in, and what selectors and actions may ask for beside it. */
@NullMarked
package dev.weir.engine.query;

import org.jspecify.annotations.NullMarked;
