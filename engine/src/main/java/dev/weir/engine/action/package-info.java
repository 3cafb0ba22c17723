/** Actions: what a rule does, as a closed set of records, and the self-made answers they give. */
@NullMarked
package dev.weir.engine.action;

import org.jspecify.annotations.NullMarked;
