/** What is known of the process, as records and figures without text: what shows them loops over these. */
@NullMarked
package dev.weir.engine.view;

import org.jspecify.annotations.NullMarked;
