/** Selectors: what a rule looks for in a query or an answer, as a closed set of records. */
@NullMarked
package dev.weir.engine.rule;

import org.jspecify.annotations.NullMarked;
